import jwt from 'jsonwebtoken';
import { INTERNAL_SECRET } from '@platform/auth';

/** For calls to the other services. */
export function internalToken(): string {
  return jwt.sign({ sub: 'billing' }, INTERNAL_SECRET, { expiresIn: '5m' });
}

export function verifyInternal(token: string) {
  return jwt.verify(token, INTERNAL_SECRET, { algorithms: ['HS256'] });
}
