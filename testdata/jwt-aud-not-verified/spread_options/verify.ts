import jwt from 'jsonwebtoken';
import { base } from './base';

export const user = (token: string) => jwt.verify(token, process.env.PUBLIC_KEY!, { ...base, audience: 'users' }); // ok: jwt-aud-not-verified
export const other = (token: string) => jwt.verify(token, process.env.PUBLIC_KEY!, { ...base }); // finding: jwt-aud-not-verified
