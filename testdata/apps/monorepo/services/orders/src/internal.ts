import jwt from 'jsonwebtoken';
import { INTERNAL_SECRET } from '@platform/auth';

/** For calls to the other services. */
export function internalToken(): string {
  return jwt.sign({ sub: 'orders' }, INTERNAL_SECRET, { expiresIn: '5m' });
}
