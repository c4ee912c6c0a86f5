import jwt from 'jsonwebtoken';
import { roleOf } from './role';

export function report(req: any, res: any) {
  const token = req.headers.authorization.slice(7);
  jwt.verify(token, process.env.PUBLIC_KEY!, { algorithms: ['RS256'], issuer: 'https://id.example', audience: 'api' });
  if (roleOf(token) !== 'admin') return res.status(403).end();
  res.json([]);
}
