// A draw that becomes a part, then a whole.
export function makeOtp() {
  let digits = '';
  for (let i = 0; i < 6; i++) {
    const next = Math.floor(Math.random() * 10); // finding: token-weak-random
    digits += next;
  }
  return digits;
}

export async function fetchToken(client: any) {
  const wait = Math.random() * 100; // ok: token-weak-random
  await client.sleep(wait);
  return client.token();
}

export const order = (tokens: string[]) => tokens.sort(() => Math.random() - 0.5); // ok: token-weak-random

export function send(client: any, token: string) {
  return client.post('/x', { token, sample: Math.random() < 0.1, id: Math.random() }); // ok: token-weak-random
}

export const user = () => ({
  name: `user-${Math.random()}`, // ok: token-weak-random
  resetToken: Math.random().toString(16), // finding: token-weak-random
});

export const promoCode = () => Math.random().toString(36); // ok: token-weak-random

// Only how long it is can be guessed.
export function makePassword(crypto: any) {
  const length = Math.floor(Math.random() * 8) + 16; // ok: token-weak-random
  return [...crypto.randomBytes(length)].map((byte: number) => String.fromCharCode((byte % 90) + 33)).join('');
}
