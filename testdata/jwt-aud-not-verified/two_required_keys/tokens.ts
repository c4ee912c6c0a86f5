import jwt from 'jsonwebtoken';
import { config } from './config';

export const issue = (id: string) => jwt.sign({ sub: id }, config.own, { algorithm: 'RS256', expiresIn: '5m' });
export const partner = (token: string) => jwt.verify(token, config.partner, { algorithms: ['RS256'], issuer: 'https://p.example' }); // finding: jwt-aud-not-verified ok: jwt-contract-mismatch
