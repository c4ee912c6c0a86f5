import { bearerAuth } from "hono/bearer-auth";
import { makeApp } from "./app";

export const hooks = makeApp();

// Before the guard.
hooks.get("/ping", (c) => c.text("pong"));
hooks.use(bearerAuth({ token: process.env.HOOK_TOKEN! }));
hooks.post("/delivered", (c) => c.body(null, 204));
