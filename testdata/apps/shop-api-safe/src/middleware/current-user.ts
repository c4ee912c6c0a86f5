import type { NextFunction, Request, Response } from 'express';
import { verifyAccessToken } from '@/auth/tokens';

/** Fills in the user for pages that show a name; guests are welcome, broken tokens are not. */
export function currentUser(req: Request, res: Response, next: NextFunction) {
  const token = req.headers.authorization?.split(' ')[1];
  if (!token) {
    return next();
  }
  try {
    req.user = verifyAccessToken(token);
    next();
  } catch {
    res.status(401).json({ error: 'Invalid token' });
  }
}
