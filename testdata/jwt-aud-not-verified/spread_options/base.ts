import type { VerifyOptions } from 'jsonwebtoken';

export const base: VerifyOptions = { algorithms: ['RS256'], issuer: 'https://id.example' };
