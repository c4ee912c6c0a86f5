import jwt, { type SignOptions } from 'jsonwebtoken';

export function sign(payload: object, options?: SignOptions) {
  return jwt.sign(payload, process.env.PRIVATE_KEY!, { algorithm: 'RS256', ...options });
}
