export function plain(res: any, token: string) {
  res.setHeader("Set-Cookie", `session=${token}; Path=/; HttpOnly; SameSite=None`); // finding: token-cookie-insecure
  res.setHeader("Set-Cookie", `session=${token}; Path=/; HttpOnly; Secure; SameSite=Lax`); // ok: token-cookie-insecure
  res.setHeader("Set-Cookie", ["theme=dark; Path=/"]); // ok: token-cookie-insecure
  res.setHeader("Set-Cookie", "session=; Path=/; Max-Age=0"); // ok: token-cookie-insecure
  res.setHeader("Set-Cookie", `access_token=${token}; Path=/`); // finding: token-cookie-insecure
}

export function open(res: any, token: string, attributes: string) {
  res.setHeader("Set-Cookie", `session=${token}; ${attributes}`); // ok: token-cookie-insecure
  res.setHeader("Set-Cookie", `session=${token}` + attributes); // ok: token-cookie-insecure
  res.setHeader("Set-Cookie", ["refresh_token=" + token + "; HttpOnly"]); // finding: token-cookie-insecure
}

export const answer = (token: string) =>
  new Response("ok", { headers: { "Set-Cookie": `auth_token=${token}; Max-Age=900` } }); // finding: token-cookie-insecure
