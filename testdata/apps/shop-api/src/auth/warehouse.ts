import jwt from 'jsonwebtoken';
import { config } from '@/config';
import type { Claims } from '@/types/user';

/** Tokens of the warehouse system: signed by the identity provider of the company. */
export function verifyWarehouseToken(token: string): Claims {
  return jwt.verify(token, config.warehouse.publicKey) as Claims;
}
