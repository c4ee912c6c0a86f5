import { SignJWT } from 'jose';

const key = new TextEncoder().encode(process.env.SECRET);

export const good = (id: string) =>
  new SignJWT({ sub: id }).setProtectedHeader({ alg: 'HS256' }).setExpirationTime('10m').sign(key); // ok: jwt-no-expiry

export const bad = (id: string) =>
  new SignJWT({ sub: id }).setProtectedHeader({ alg: 'HS256' }).sign(key); // finding: jwt-no-expiry

export async function stepwise(id: string) {
  const token = new SignJWT({ sub: id });
  token.setProtectedHeader({ alg: 'HS256' });
  token.setExpirationTime('10m');
  return token.sign(key); // ok: jwt-no-expiry
}

export async function later(id: string, options: { lifetime?: string } = {}) {
  const token = new SignJWT({ sub: id }).setProtectedHeader({ alg: 'HS256' });
  return token.setExpirationTime(options.lifetime ?? '10m').sign(key); // ok: jwt-no-expiry
}
