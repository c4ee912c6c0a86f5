import jwt, { type VerifyOptions } from 'jsonwebtoken';

export const verifyWith = (token: string, options: VerifyOptions) =>
  jwt.verify(token, process.env.PUBLIC_KEY!, { algorithms: ['RS256'], issuer: 'https://id.example', ...options }); // ok: jwt-aud-not-verified
