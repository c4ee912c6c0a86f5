import jwt from 'jsonwebtoken';

const key = process.env.PUBLIC_KEY!;

export function lax(token: string) {
  const alg = jwt.decode(token, { complete: true })!.header.alg;
  return jwt.verify(token, key, { algorithms: [alg as 'RS256'], issuer: 'https://id.example', audience: 'api' }); // finding: jwt-algorithm-not-pinned
}

const MIXED = ['HS256', 'RS256'] as const;
export const mixed = (token: string) =>
  jwt.verify(token, key, { algorithms: [...MIXED], issuer: 'https://id.example', audience: 'api' }); // finding: jwt-algorithm-not-pinned

const FAMILY = ['RS256', 'RS384'] as const;
export const family = (token: string) =>
  jwt.verify(token, key, { algorithms: [...FAMILY], issuer: 'https://id.example', audience: 'api' }); // ok: jwt-algorithm-not-pinned
