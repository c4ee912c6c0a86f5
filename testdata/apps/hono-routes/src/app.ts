import { OpenAPIHono } from "@hono/zod-openapi";

export interface Variables {
  user: { id: string; role: string };
}

/** A new application, with answers to bad input. */
export function makeApp() {
  return new OpenAPIHono<{ Variables: Variables }>({
    defaultHook: (result, c) => {
      if (!result.success) return c.json({ error: "bad input" }, 422);
    },
  });
}
