import bcrypt from 'bcryptjs';
import { Router } from 'express';
import { createAccessToken, createRefreshToken, verifyAccessToken, verifyRefreshToken } from '@/auth/tokens';
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

authRoutes.post('/introspect', (req, res) => {
  try {
    res.json({ active: true, claims: verifyAccessToken(req.body.token) });
  } catch {
    res.json({ active: false });
  }
});
