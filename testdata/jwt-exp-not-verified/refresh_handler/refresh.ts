import jwt from 'jsonwebtoken';

const key = process.env.PUBLIC_KEY!;

export function refresh(req: any, res: any) {
  const old = jwt.verify(req.body.accessToken, key, { algorithms: ['RS256'], issuer: 'https://id.example', audience: 'api', ignoreExpiration: true }); // ok: jwt-exp-not-verified
  jwt.verify(req.body.refreshToken, key, { algorithms: ['RS256'], issuer: 'https://id.example', audience: 'refresh' });
  res.json(old);
}
