import jwt from 'jsonwebtoken';

export function roleOf(token: string) {
  return (jwt.decode(token) as { role: string }).role; // ok: jwt-signature-not-verified
}
