import bcrypt from 'bcrypt';

interface Users {
  findOne(query: object): Promise<any>;
}

// The record comes from the store, the other one from the request.
export async function login(users: Users, req: any, res: any) {
  const user = await users.findOne({ email: req.body.email });
  if (user.password !== req.body.password) { // finding: password-weak-hash
    return res.status(401).end();
  }
  if (user.password === req.body.password) { // ok: password-weak-hash
    res.json({ id: user.id });
  }
}

// Hashed by the caller.
export async function byHash(users: Users, email: string, password: string) {
  const user = await users.findOne({ email });
  return user.password === password; // ok: password-weak-hash
}

export const signIn = async (users: Users, body: any) => byHash(users, body.email, await bcrypt.hash(body.password, body.salt));

// Hashed on the way.
export async function hashedHere(users: Users, email: string, password: string) {
  const user = await users.findOne({ email });
  password = await bcrypt.hash(password, user.salt);
  return user.password === password; // ok: password-weak-hash
}

// One form, typed twice.
export function signUp(form: any) {
  if (form.password !== form.password2) throw new Error('differ'); // ok: password-weak-hash
  if (form.user.password !== form.passwordConfirm) throw new Error('differ'); // ok: password-weak-hash
  if (form.password === form.email) throw new Error('weak'); // ok: password-weak-hash
}

// Before and after a change.
export class UserSubscriber {
  beforeUpdate(event: any) {
    if (event.entity.password !== event.databaseEntity.password) { // ok: password-weak-hash
      event.entity.password = bcrypt.hashSync(event.entity.password, 12);
    }
  }
}

// A password of the program's own: another rule's.
export const isAdmin = (config: any, password: string) => config.password === password; // finding: secret-compare-timing
