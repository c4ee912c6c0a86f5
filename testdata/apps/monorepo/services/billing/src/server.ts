import express from 'express';
import { verifyToken } from '@platform/auth';
import { internalToken } from './internal';

const publicKey = process.env.JWT_PUBLIC_KEY as string;
const app = express();

app.use((req, res, next) => {
  try {
    res.locals.user = verifyToken((req.headers.authorization ?? '').slice(7), { publicKey });
  } catch {
    return res.status(401).end();
  }
  next();
});

app.get('/', (_req, res) => {
  res.json({ service: 'billing', user: res.locals.user.sub, internal: internalToken() });
});

app.listen(3000);
