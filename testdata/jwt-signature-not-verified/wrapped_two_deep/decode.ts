import jwt from 'jsonwebtoken';

export const read = (token: string) => jwt.decode(token) as { sub: string; role: string }; // finding: jwt-signature-not-verified
