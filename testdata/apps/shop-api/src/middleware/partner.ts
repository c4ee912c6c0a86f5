import type { NextFunction, Request, Response } from 'express';
import { verifyPartnerToken } from '@/auth/partner';

export function partner(req: Request, res: Response, next: NextFunction) {
  const [scheme, token] = (req.headers.authorization ?? '').split(' ');
  if (scheme !== 'Bearer' || !token) {
    res.status(401).end();
    return;
  }
  try {
    req.user = verifyPartnerToken(token);
  } catch (err) {
    next(err);
    return;
  }
  next();
}
