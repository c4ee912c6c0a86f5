import jwt, { type SignOptions } from 'jsonwebtoken';
import { ISSUER } from './constants';

export function issueToken(subject: string, privateKey: string, options: SignOptions = {}): string {
  return jwt.sign({}, privateKey, { algorithm: 'RS256', issuer: ISSUER, expiresIn: '10m', subject, ...options });
}
