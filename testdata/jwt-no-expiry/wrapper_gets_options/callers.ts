import { sign } from './sign';

export const good = (id: string) => sign({ sub: id }, { expiresIn: '10m' }); // ok: jwt-no-expiry
export const also = (id: string) => sign({ sub: id, exp: Math.floor(Date.now() / 1000) + 300 }); // ok: jwt-no-expiry
export const bad = (id: string) => sign({ sub: id }); // finding: jwt-no-expiry
