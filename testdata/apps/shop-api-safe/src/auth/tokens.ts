import { randomUUID } from 'node:crypto';
import jwt from 'jsonwebtoken';
import { config } from '@/config';
import type { Claims, User } from '@/types/user';

const { issuer, audience } = config.jwt;

/** Access token for the shop front. */
export function createAccessToken(user: User): string {
  return jwt.sign({ role: user.role }, config.jwt.privateKey, {
    algorithm: 'RS256',
    subject: user.id,
    expiresIn: config.jwt.expiresIn,
    issuer,
    audience,
    jwtid: randomUUID(),
  });
}

/** Service token for the nightly stock import. */
export function createServiceToken(service: string): string {
  const now = Math.floor(Date.now() / 1000);
  const payload = { sub: service, role: 'importer', iat: now, exp: now + 5 * 60 };
  return jwt.sign(payload, config.jwt.privateKey, { algorithm: 'RS256', issuer, audience, jwtid: randomUUID() });
}

export function createRefreshToken(userId: string): string {
  return jwt.sign({ sub: userId, type: 'refresh' }, config.jwt.refreshSecret, {
    expiresIn: '7d',
    issuer,
    audience: 'shop-refresh',
    jwtid: randomUUID(),
  });
}

export function verifyAccessToken(token: string): Claims {
  return jwt.verify(token, config.jwt.publicKey, { algorithms: ['RS256'], issuer, audience }) as Claims;
}

export function verifyRefreshToken(token: string): Claims {
  return jwt.verify(token, config.jwt.refreshSecret, {
    algorithms: ['HS256'],
    issuer,
    audience: 'shop-refresh',
  }) as Claims;
}
