import express from 'express';
import { config } from '@/config';
import { adminRoutes } from '@/routes/admin';
import { authRoutes } from '@/routes/auth';
import { orderRoutes } from '@/routes/orders';
import { stockRoutes } from '@/routes/stock';

const app = express();
app.use(express.json());
app.use('/auth', authRoutes);
app.use('/orders', orderRoutes);
app.use('/stock', stockRoutes);
app.use('/admin', adminRoutes);
app.listen(config.port);
