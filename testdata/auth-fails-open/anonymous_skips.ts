import jwt from 'jsonwebtoken';

const options = { algorithms: ['RS256' as const], issuer: 'https://id.example', audience: 'api' };

export function authenticate(req: any, res: any, next: any) {
  const token = req.headers.authorization;
  if (token) {
    req.user = jwt.verify(token, process.env.PUBLIC_KEY!, options);
  }
  next(); // finding: auth-fails-open
}

export async function promised(req: any, res: any, next: any) {
  const user = await new Promise((resolve) => {
    jwt.verify(req.headers.authorization, process.env.PUBLIC_KEY!, options, (err, claims) => resolve(err ? null : claims));
  });
  if (!user) return res.status(401).end();
  next(); // ok: auth-fails-open
}

export function throws(req: any, res: any, next: any) {
  try {
    req.user = jwt.verify(req.headers.authorization, process.env.PUBLIC_KEY!, options);
  } catch (err) {
    throw new Error('401'); // ok: auth-fails-open
  }
  next();
}

export function flagged(req: any, res: any, next: any) {
  let user = null;
  try {
    user = jwt.verify(req.headers.authorization, process.env.PUBLIC_KEY!, options);
  } catch (err) {
    console.error(err);
  }
  if (!user) return res.status(401).end();
  next(); // ok: auth-fails-open
}
