import jwt from 'jsonwebtoken';
import { AUDIENCE, ISSUER } from './constants';

export function verifyToken(token: string, audience = AUDIENCE) {
  return jwt.verify(token, process.env.PUBLIC_KEY!, { algorithms: ['RS256'], issuer: ISSUER, audience }); // ok: jwt-aud-not-verified
}
