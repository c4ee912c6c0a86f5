import { Router } from 'express';
import { authenticate } from '@/middleware/authenticate';
import { currentUser } from '@/middleware/current-user';
import { partner } from '@/middleware/partner';

const orders = [{ id: '1', owner: 'u1', total: 1200 }];

export const orderRoutes = Router();

orderRoutes.get('/', authenticate, (req, res) => {
  res.json(orders.filter((order) => order.owner === req.user?.sub));
});

orderRoutes.get('/greeting', currentUser, (req, res) => {
  res.json({ name: req.user?.email ?? 'guest' });
});

orderRoutes.get('/partner', partner, (req, res) => {
  res.json(orders.map(({ id, total }) => ({ id, total })));
});
