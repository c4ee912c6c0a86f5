import jwt from 'jsonwebtoken';
import { lifetime } from './lifetime';

const key = process.env.PRIVATE_KEY!;

export const accessToken = (id: string) => jwt.sign({ sub: id }, key, { algorithm: 'RS256', expiresIn: lifetime.access }); // finding: jwt-long-lived-access-token
export const refreshToken = (id: string) => jwt.sign({ sub: id }, key, { algorithm: 'RS256', expiresIn: lifetime.refresh }); // ok: jwt-long-lived-access-token
export const resetPasswordToken = (id: string) => jwt.sign({ sub: id }, key, { algorithm: 'RS256', expiresIn: '1h' }); // ok: jwt-long-lived-access-token
export const shortToken = (id: string) => jwt.sign({ sub: id }, key, { algorithm: 'RS256', expiresIn: 15 * 60 }); // ok: jwt-long-lived-access-token
