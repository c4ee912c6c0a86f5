import fs from 'node:fs';
import jwt from 'jsonwebtoken';

const options = { algorithms: ['RS256' as const], issuer: 'https://id.example', audience: 'api' };

export function path(token: string) {
  const { header } = jwt.decode(token, { complete: true })!;
  return jwt.verify(token, fs.readFileSync(`keys/${header.kid}.pem`), options); // todo-finding: jwt-untrusted-key-source
}

export async function address(token: string) {
  const { header } = jwt.decode(token, { complete: true })!;
  const answer = await fetch((header as any).jku);
  return jwt.verify(token, await answer.text(), options); // todo-finding: jwt-untrusted-key-source
}

const KEYS = new Map([['a', process.env.KEY_A!]]);
export function table(token: string) {
  const { header } = jwt.decode(token, { complete: true })!;
  return jwt.verify(token, KEYS.get(header.kid!)!, options); // ok: jwt-untrusted-key-source
}
