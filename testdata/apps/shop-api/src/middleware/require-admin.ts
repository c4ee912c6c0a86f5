import type { NextFunction, Request, Response } from 'express';
import jwt from 'jsonwebtoken';

interface AdminClaims {
  role: string;
}

export function requireAdmin(req: Request, res: Response, next: NextFunction) {
  const token = req.headers.authorization?.replace('Bearer ', '');
  if (!token) {
    return res.status(401).json({ error: 'No token provided' });
  }
  const claims = jwt.decode(token) as AdminClaims | null;
  if (claims?.role !== 'admin') {
    return res.status(403).json({ error: 'Admins only' });
  }
  next();
}
