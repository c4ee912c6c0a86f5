import type { NextFunction, Request, Response } from 'express';
import jwt from 'jsonwebtoken';
import { config } from '@/config';
import type { Claims } from '@/types/user';

/** Fills in the user for pages that show a name. */
export function currentUser(req: Request, res: Response, next: NextFunction) {
  const token = req.headers.authorization?.split(' ')[1] ?? '';
  try {
    req.user = jwt.verify(token, config.jwt.secret, {
      algorithms: ['HS256'],
      issuer: config.jwt.issuer,
      audience: config.jwt.audience,
    }) as Claims;
    next();
  } catch (err) {
    console.error('token rejected', err);
    next();
  }
}
