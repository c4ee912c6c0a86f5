import jwt from 'jsonwebtoken';
import { config } from '@/config';

/** The link in a password reset mail. */
export function resetLink(userId: string): string {
  const token = jwt.sign({ sub: userId, purpose: 'password-reset' }, config.jwt.refreshSecret, {
    expiresIn: '1h',
    issuer: config.jwt.issuer,
    audience: 'password-reset',
  });
  return `https://shop.example/reset?token=${token}`;
}
