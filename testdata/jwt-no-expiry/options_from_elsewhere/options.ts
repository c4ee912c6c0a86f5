import type { SignOptions } from 'jsonwebtoken';

export const keyOptions: SignOptions = { algorithm: 'RS256' };
export const signOptions: SignOptions = { ...keyOptions, expiresIn: '10m' };
