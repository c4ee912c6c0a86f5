import { verifyToken } from './verify';

export const orders = (req: any) => verifyToken(req.headers.authorization, 'orders'); // ok: jwt-aud-not-verified
export const billing = (req: any) => verifyToken(req.headers.authorization); // finding: jwt-aud-not-verified
