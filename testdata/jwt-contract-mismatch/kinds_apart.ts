import jwt from 'jsonwebtoken';

const key = process.env.SECRET!;
const issuer = 'https://id.example';

export const accessToken = (id: string) => jwt.sign({ sub: id }, key, { expiresIn: '5m', issuer, audience: 'access' });
export const refreshToken = (id: string) => jwt.sign({ sub: id }, key, { expiresIn: '7d', issuer, audience: 'refresh' });
export const verifyAccess = (token: string) => jwt.verify(token, key, { algorithms: ['HS256'], issuer, audience: 'access' }); // ok: jwt-contract-mismatch
