import jwt from 'jsonwebtoken';
import { config } from '@/config';
import type { Claims, User } from '@/types/user';

/** Access token for the shop front. */
export function createAccessToken(user: User): string {
  return jwt.sign({ sub: user.id, email: user.email, role: user.role }, config.jwt.secret, {
    expiresIn: config.jwt.expiresIn,
    issuer: config.jwt.issuer,
    audience: config.jwt.audience,
  });
}

/** Service token for the nightly stock import. */
export function createServiceToken(service: string): string {
  return jwt.sign({ sub: service, role: 'admin' }, config.jwt.secret);
}

export function createRefreshToken(userId: string): string {
  return jwt.sign({ sub: userId, type: 'refresh' }, config.jwt.refreshSecret, {
    expiresIn: '7d',
    issuer: config.jwt.issuer,
    audience: config.jwt.audience,
  });
}

export function verifyAccessToken(token: string): Claims {
  return jwt.verify(token, config.jwt.secret) as Claims;
}

export function verifyRefreshToken(token: string): Claims {
  return jwt.verify(token, config.jwt.refreshSecret, {
    algorithms: ['HS256'],
    issuer: config.jwt.issuer,
    audience: config.jwt.audience,
  }) as Claims;
}
