import jwt, { type VerifyOptions } from 'jsonwebtoken';
import { config } from '@/config';
import type { Claims } from '@/types/user';

const partnerOptions: VerifyOptions = {
  algorithms: ['RS256'],
  issuer: config.partner.issuer,
  audience: config.partner.audience,
};

/** Tokens of partner shops: signed by their own authorization server. */
export function verifyPartnerToken(token: string): Claims {
  return jwt.verify(token, config.partner.publicKey, partnerOptions) as Claims;
}
