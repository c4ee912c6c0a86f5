import jwt, { type JwtPayload } from 'jsonwebtoken';

export function verifyToken(token: string) {
  const claims = jwt.verify(token, process.env.PUBLIC_KEY!, { algorithms: ['RS256'] }) as JwtPayload; // ok: jwt-aud-not-verified ok: jwt-iss-not-verified
  if (claims.iss !== 'https://id.example' || claims.aud !== 'api') {
    throw new Error('not for us');
  }
  return claims;
}
