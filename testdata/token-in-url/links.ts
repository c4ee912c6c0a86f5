export const reset = (token: string) => `https://shop.example/reset?token=${token}`; // ok: token-in-url
export const invite = (invitation: { token: string }) => `https://shop.example/accept?token=${invitation.token}`; // ok: token-in-url
export const magic = (token: string) => sendMagicLink(`https://shop.example/login?token=${token}`); // ok: token-in-url
export const page = (nextPageToken: string) => `https://api.example/orders?token=${nextPageToken}`; // ok: token-in-url
export const map = (x: number) => `https://tiles.example/${x}?access_token=${process.env.MAPBOX_TOKEN}`; // ok: token-in-url
export const form = (token: string) => new URLSearchParams({ token, token_type_hint: "access_token" }); // ok: token-in-url
export const feed = (token: string) => new WebSocket(`wss://shop.example/feed?token=${token}`); // ok: token-in-url
export const home = (jwt: string) => `https://shop.example/home#id_token=${jwt}`; // finding: token-in-url
export function mail(base: string, token: string) {
  const url = new URL("/reset-password", base);
  url.searchParams.set("token", token); // ok: token-in-url
  return url;
}
export function open(base: string, token: string) {
  const url = new URL("/orders", base);
  url.searchParams.set("token", token); // finding: token-in-url
  return url;
}
