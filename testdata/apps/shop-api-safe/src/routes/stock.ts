import { Router } from 'express';
import { verifyWarehouseToken } from '@/auth/warehouse';

const stock = new Map<string, number>();

export const stockRoutes = Router();

stockRoutes.put('/:sku', (req, res) => {
  const token = req.headers.authorization?.split(' ')[1];
  if (!token) return res.status(401).json({ error: 'No token provided' });
  try {
    const claims = verifyWarehouseToken(token);
    stock.set(req.params.sku, Number(req.body.count));
    res.json({ sku: req.params.sku, by: claims.sub });
  } catch {
    res.status(401).json({ error: 'Invalid token' });
  }
});
