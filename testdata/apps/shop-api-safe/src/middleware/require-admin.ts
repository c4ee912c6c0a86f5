import type { NextFunction, Request, Response } from 'express';
import { verifyAccessToken } from '@/auth/tokens';

export function requireAdmin(req: Request, res: Response, next: NextFunction) {
  const token = req.headers.authorization?.replace('Bearer ', '');
  if (!token) {
    return res.status(401).json({ error: 'No token provided' });
  }
  try {
    const claims = verifyAccessToken(token);
    if (claims.role !== 'admin') {
      return res.status(403).json({ error: 'Admins only' });
    }
    req.user = claims;
    next();
  } catch {
    return res.status(401).json({ error: 'Invalid token' });
  }
}
