import jwt from 'jsonwebtoken';

const options = { algorithms: ['RS256' as const], issuer: 'https://id.example', audience: 'api' };

export function authenticate(req: any, res: any, next: any) {
  jwt.verify(req.headers.authorization, process.env.PUBLIC_KEY!, options, (err, user) => {
    if (err) console.error(err);
    req.user = user;
    next(); // finding: auth-fails-open
  });
}
