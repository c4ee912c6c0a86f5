import jwt from 'jsonwebtoken';

export function expiresAt(token: string): Date {
  const claims = jwt.decode(token) as { exp: number }; // ok: jwt-signature-not-verified
  return new Date(claims.exp * 1000);
}

export async function fresh(load: () => Promise<string>) {
  const token = await load();
  return expiresAt(token) > new Date() ? token : load();
}
