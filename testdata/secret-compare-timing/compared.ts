import { createHmac } from 'node:crypto';

const sign = (body: string, key: string) => createHmac('sha256', key).update(body).digest('hex');

export function webhook(req: any) {
  const expected = `sha256=${sign(req.rawBody, process.env.HOOK_SECRET!)}`;
  return req.get('x-hub-signature-256') === expected; // finding: secret-compare-timing
}

export function twice(given: string, key: string) {
  // Both sides are digests under a key that nobody outside knows.
  return sign(given, key) === sign('body', key); // ok: secret-compare-timing
}

export function unset(req: any) {
  if (process.env.API_KEY === undefined || process.env.API_KEY === 'off') return false; // ok: secret-compare-timing
  if (req.headers['x-mode'] === process.env.NODE_ENV) return false; // ok: secret-compare-timing
  return req.headers['x-key-id'] === process.env.KEY_ID; // ok: secret-compare-timing
}

export function same(a: any, b: any) {
  return a.token === b.token || a.tokenType === b.tokenType; // ok: secret-compare-timing
}
