import jwt from 'jsonwebtoken';
import config from './config';

export const token = (id: string) => jwt.sign({ sub: id }, config.jwt.secret, { expiresIn: '10m' });
