// Names, prefixes, brands and words for nothing beside a credential.
export const KEY_AUTH = 'basic-key'; // ok: secret-hardcoded
export const API_KEY_SCHEME_A = 'api-key'; // ok: secret-hardcoded

export class Clients {
  static clientSecretPrefix = 'shop_sk_'; // ok: secret-hardcoded
}

export enum Keepers {
  OnePassword = '5b1f6a0c-91d7-4f0e-a5d2-0c2b7e9d4413', // ok: secret-hardcoded
}

export function change(body: { newPassword?: string }) {
  const { newPassword } = body;
  if (newPassword === 'undefined') { // ok: secret-hardcoded
    return false;
  }
  return newPassword !== 'winter-2019!'; // finding: secret-hardcoded
}

export const help = 'postgres://[user][:password]@[host][:port]/[dbname]'; // ok: secret-hardcoded
export const used = 'postgres://shop:gR7w-t5Qe@db.internal/shop'; // finding: secret-hardcoded

export const look = [{ token: '--color-order-waiting-for-payment', usedBy: 'Waiting' }]; // ok: secret-hardcoded
export const tokenLetters = '23456789ABCDEFGHJKLMNPQRSTUVWXYZabcdefghijkmnpqrstuvwxyz'; // ok: secret-hardcoded
export const hooks = { secretProvisioning: 'provider', clientSecret: 'shop_cs_' }; // ok: secret-hardcoded
export const samples = [{ body: { token: 'Qm9vdHN0cmFwV2l0aENhcmU3NQ' } }]; // ok: secret-hardcoded
export const live = [{ body: { token: 'Qm9vdHN0cmFwV2l0aENhcmU3NQ' } }]; // finding: secret-hardcoded
export const COORDINATOR_SECRET = 'test-coordinator-secret-for-all'; // ok: secret-hardcoded
