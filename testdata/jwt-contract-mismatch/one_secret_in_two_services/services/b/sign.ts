import jwt from 'jsonwebtoken';

export const token = (id: string) => jwt.sign({ sub: id }, process.env.SHARED_SECRET!, { expiresIn: '5m' }); // finding: jwt-contract-mismatch
