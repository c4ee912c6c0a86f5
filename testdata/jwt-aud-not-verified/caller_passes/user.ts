import { verifyWith } from './verify';

export const verifyUser = (token: string) => verifyWith(token, { audience: 'users' }); // ok: jwt-aud-not-verified
