import type { User } from '@/types/user';

const users = new Map<string, User>();

export async function findByEmail(email: string): Promise<User | undefined> {
  return [...users.values()].find((user) => user.email === email);
}

export async function findById(id: string): Promise<User | undefined> {
  return users.get(id);
}

export async function save(user: User): Promise<void> {
  users.set(user.id, user);
}
