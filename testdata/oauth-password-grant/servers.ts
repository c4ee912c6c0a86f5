// A server that only speaks of the grant sends no password anywhere.
import { z } from "zod";

export const request = z.object({ grant_type: z.literal("password"), username: z.string(), password: z.string() }); // ok: oauth-password-grant

export const metadata = { grant_types_supported: ["authorization_code", "password"] }; // ok: oauth-password-grant

export function body(username: string, password: string) {
  const text = `grant_type=password&username=${username}&password=${password}&client_id=shop`; // finding: oauth-password-grant
  return fetch("https://id.example/token", { method: "POST", body: text });
}
