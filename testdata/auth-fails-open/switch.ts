import jwt from 'jsonwebtoken';

const options = { algorithms: ['RS256' as const], issuer: 'https://id.example', audience: 'api' };

export function authenticate(req: any, res: any, next: any) {
  if (process.env.SKIP_AUTH === 'true') return next(); // finding: auth-fails-open
  req.user = jwt.verify(req.headers.authorization, process.env.PUBLIC_KEY!, options);
  next();
}
