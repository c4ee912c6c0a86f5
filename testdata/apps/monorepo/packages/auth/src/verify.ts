import jwt, { type JwtPayload } from 'jsonwebtoken';
import { ISSUER } from './constants';

export interface VerifyInput {
  publicKey: string;
  audience?: string;
}

export function verifyToken(token: string, { publicKey, audience }: VerifyInput): JwtPayload {
  return jwt.verify(token, publicKey, { algorithms: ['RS256'], issuer: ISSUER, audience }) as JwtPayload;
}
