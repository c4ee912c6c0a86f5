import jwt from 'jsonwebtoken';
import { signOptions, keyOptions } from './options';

const key = process.env.PRIVATE_KEY!;

export const good = (id: string) => jwt.sign({ sub: id }, key, signOptions); // ok: jwt-no-expiry
export const spread = (id: string) => jwt.sign({ sub: id }, key, { ...signOptions, audience: 'api' }); // ok: jwt-no-expiry
export const bad = (id: string) => jwt.sign({ sub: id }, key, keyOptions); // finding: jwt-no-expiry

export function later(id: string) {
  const payload: Record<string, unknown> = { sub: id };
  payload.exp = Math.floor(Date.now() / 1000) + 600;
  return jwt.sign(payload, key, keyOptions); // ok: jwt-no-expiry
}
