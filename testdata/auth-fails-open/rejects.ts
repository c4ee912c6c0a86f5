import jwt from 'jsonwebtoken';

const key = process.env.PUBLIC_KEY!;
const options = { algorithms: ['RS256' as const], issuer: 'https://id.example', audience: 'api' };

export function status(req: any, res: any, next: any) {
  try {
    req.user = jwt.verify(req.headers.authorization, key, options);
    next();
  } catch (err) {
    res.status(401).json({ error: 'no' }); // ok: auth-fails-open
  }
}

export function hands_on(req: any, res: any, next: any) {
  try {
    req.user = jwt.verify(req.headers.authorization, key, options);
    next();
  } catch (err) {
    next(err); // ok: auth-fails-open
  }
}

export function logs_and_goes_on(req: any, res: any, next: any) {
  try {
    req.user = jwt.verify(req.headers.authorization, key, options);
    next();
  } catch (err) {
    console.warn('bad token', err);
    next(); // finding: auth-fails-open
  }
}

export function swallows(req: any, res: any, next: any) {
  try {
    req.user = jwt.verify(req.headers.authorization, key, options);
  } catch (err) {} // finding: auth-fails-open
  next();
}

export function optionalAuth(req: any, res: any, next: any) {
  try {
    req.user = jwt.verify(req.headers.authorization, key, options);
  } catch {
    req.user = undefined;
  }
  next(); // ok: auth-fails-open
}

export function by_callback(req: any, res: any, next: any) {
  jwt.verify(req.headers.authorization, key, options, (err, user) => {
    if (err) return res.sendStatus(403);
    req.user = user;
    next(); // ok: auth-fails-open
  });
}
