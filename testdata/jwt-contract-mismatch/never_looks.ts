import jwt from 'jsonwebtoken';

const key = process.env.SECRET!;

export const issue = (id: string) => jwt.sign({ sub: id }, key, { expiresIn: '5m', audience: 'api' });
export const verify = (token: string) => jwt.verify(token, key, { algorithms: ['HS256'] }); // finding: jwt-contract-mismatch
