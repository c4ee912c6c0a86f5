import 'dotenv/config';
import jwt from 'jsonwebtoken';

export const token = (id: string) => jwt.sign({ sub: id }, process.env.JWT_SECRET!, { expiresIn: '5m' });
