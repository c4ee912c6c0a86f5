import jwt from 'jsonwebtoken';
import type { User } from './user';

const key = process.env.PRIVATE_KEY!;
const options = { algorithm: 'RS256' as const, expiresIn: '5m' as const };

export const whole = (user: User) => jwt.sign({ ...user }, key, options); // finding: jwt-sensitive-payload
export const named = (user: User) => jwt.sign({ sub: user.id, passwordHash: user.passwordHash }, key, options); // finding: jwt-sensitive-payload
export const flag = (user: User) => jwt.sign({ sub: user.id, passwordChangedAt: 1 }, key, options); // ok: jwt-sensitive-payload

export function without(user: User) {
  const { passwordHash, ...rest } = user;
  return jwt.sign(rest, key, options); // ok: jwt-sensitive-payload
}
