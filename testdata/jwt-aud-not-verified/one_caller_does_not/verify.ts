import jwt from 'jsonwebtoken';

export function verifyToken(token: string, audience?: string) {
  return jwt.verify(token, process.env.PUBLIC_KEY!, { algorithms: ['RS256'], issuer: 'https://id.example', audience });
}
