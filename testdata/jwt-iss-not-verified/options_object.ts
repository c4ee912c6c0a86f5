import { jwtVerify, createRemoteJWKSet } from 'jose';

const keys = createRemoteJWKSet(new URL('https://id.example/.well-known/jwks.json'));
const options = { audience: 'api', algorithms: ['ES256'] };

export const lax = (token: string) => jwtVerify(token, keys, options); // finding: jwt-iss-not-verified
export const strict = (token: string) => jwtVerify(token, keys, { ...options, issuer: 'https://id.example' }); // ok: jwt-iss-not-verified
