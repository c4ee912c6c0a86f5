import { verifyToken } from './verify';

export const billing = (req: any) => verifyToken(req.headers.authorization);
