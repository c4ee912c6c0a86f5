import type { NextFunction, Request, Response } from 'express';
import { verifyAccessToken } from '@/auth/tokens';

export function authenticate(req: Request, res: Response, next: NextFunction) {
  const header = req.headers.authorization;
  if (!header?.startsWith('Bearer ')) {
    return res.status(401).json({ error: 'No token provided' });
  }
  try {
    req.user = verifyAccessToken(header.slice('Bearer '.length));
    next();
  } catch (err) {
    return res.status(401).json({ error: 'Invalid token' });
  }
}
