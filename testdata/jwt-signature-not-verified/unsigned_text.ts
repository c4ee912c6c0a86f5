// A token that is nothing but base64 of JSON: no part of it is signed. Reading `Authorization` as base64 is also
// how Basic credentials are read, but those are no record.
export function whoami(req: Request) {
  const token = (req.headers.get('authorization') ?? '').split(' ')[1];
  const user = JSON.parse(Buffer.from(token, 'base64').toString()); // finding: jwt-signature-not-verified
  return user.id;
}

export function basic(req: Request) {
  const token = (req.headers.get('authorization') ?? '').split(' ')[1];
  const [name, password] = Buffer.from(token, 'base64').toString().split(':'); // ok: jwt-signature-not-verified
  return check(name, password);
}

// What a list continues with, and what a message brings, is no login.
export function page(req: Request) {
  const after = JSON.parse(atob(new URL(req.url).searchParams.get('page_token') ?? '')); // ok: jwt-signature-not-verified
  return { id: after.id };
}

export async function pushed(req: Request) {
  const { message } = await req.json();
  const data = JSON.parse(Buffer.from(message.data, 'base64').toString()); // ok: jwt-signature-not-verified
  return data.email;
}

// Only what it is shown as, not who it is.
export function greeting(req: Request) {
  const text = JSON.parse(atob(req.headers.get('x-session') ?? '')); // ok: jwt-signature-not-verified
  return text.locale;
}

// The program's own configuration.
export const credentials = JSON.parse(Buffer.from(process.env.SERVICE_CREDENTIALS!, 'base64').toString()); // ok: jwt-signature-not-verified
export const email = credentials.email;
