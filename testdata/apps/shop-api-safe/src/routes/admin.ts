import { Router } from 'express';
import { requireAdmin } from '@/middleware/require-admin';
import { createServiceToken } from '@/auth/tokens';

export const adminRoutes = Router();

adminRoutes.use(requireAdmin);

adminRoutes.post('/service-tokens', (req, res) => {
  res.json({ token: createServiceToken(req.body.service) });
});
