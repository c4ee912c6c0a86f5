import jwt from 'jsonwebtoken';

const options = { algorithms: ['RS256' as const], issuer: 'https://id.example', audience: 'api' };

export function session(token: string) {
  jwt.verify(token, process.env.PUBLIC_KEY!, options);
  return jwt.decode(token) as { sub: string }; // ok: jwt-signature-not-verified
}
