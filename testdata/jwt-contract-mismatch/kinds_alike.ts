import jwt from 'jsonwebtoken';

const key = process.env.SECRET!;

export const createAccessToken = (id: string) => jwt.sign({ sub: id }, key, { expiresIn: '5m' });
export const createRefreshToken = (id: string) => jwt.sign({ sub: id }, key, { expiresIn: '7d' });
export const verifyAccess = (token: string) => jwt.verify(token, key, { algorithms: ['HS256'] }); // finding: jwt-contract-mismatch
