import https from 'node:https';
import axios from 'axios';

const base = { keepAlive: true };
const lax = { ...base, rejectUnauthorized: false }; // finding: tls-verification-disabled

// One agent, one finding, however often it is used.
const agent = new https.Agent(lax);
export const first = () => axios.get('https://billing.internal/a', { httpsAgent: agent });
export const second = () => axios.get('https://billing.internal/b', { httpsAgent: agent });

// The later key wins.
export const mended = new https.Agent({ ...lax, rejectUnauthorized: true }); // ok: tls-verification-disabled

export const byMode = new https.Agent({ rejectUnauthorized: process.env.NODE_ENV === 'production' }); // ok: tls-verification-disabled
export const byVariable = new https.Agent({ rejectUnauthorized: process.env.TLS_VERIFY !== '0' }); // ok: tls-verification-disabled

export function made(strict: boolean) {
  return new https.Agent({ rejectUnauthorized: strict }); // ok: tls-verification-disabled
}

// Nobody reads the option here.
export const ignored = () => axios.get('https://billing.internal/', { rejectUnauthorized: false } as object); // ok: tls-verification-disabled
export const server = https.createServer({ requestCert: true, rejectUnauthorized: false }); // ok: tls-verification-disabled

if (process.env.NODE_ENV === 'development') {
  process.env.NODE_TLS_REJECT_UNAUTHORIZED = '0'; // ok: tls-verification-disabled
}
