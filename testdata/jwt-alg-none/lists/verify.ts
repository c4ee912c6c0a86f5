import jwt from 'jsonwebtoken';
import { allowed, narrow } from './algorithms';

const key = process.env.PUBLIC_KEY!;

export const lax = (token: string) => jwt.verify(token, key, { algorithms: allowed, issuer: 'https://id.example', audience: 'api' }); // finding: jwt-alg-none
export const strict = (token: string) => jwt.verify(token, key, { algorithms: narrow, issuer: 'https://id.example', audience: 'api' }); // ok: jwt-alg-none
export const unsigned = (id: string) => jwt.sign({ sub: id }, '', { algorithm: 'none', expiresIn: '5m' }); // finding: jwt-alg-none
