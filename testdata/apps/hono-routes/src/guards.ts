import { createMiddleware } from "hono/factory";
import { HTTPException } from "hono/http-exception";
import { verify } from "hono/jwt";
import type { Variables } from "./app";

export const requireUser = createMiddleware<{ Variables: Variables }>(async (c, next) => {
  const token = c.req.header("Authorization")?.replace("Bearer ", "");
  if (!token) throw new HTTPException(401);
  try {
    const claims = await verify(token, process.env.JWT_KEY!, { alg: "HS256", iss: "https://id.example", aud: "parcels" });
    c.set("user", { id: String(claims.sub), role: String(claims.role) });
  } catch {
    throw new HTTPException(401);
  }
  await next();
});

export const requireRole = (role: string) =>
  createMiddleware<{ Variables: Variables }>(async (c, next) => {
    if (c.get("user").role !== role) return c.json({ error: "not for you" }, 403);
    await next();
  });
