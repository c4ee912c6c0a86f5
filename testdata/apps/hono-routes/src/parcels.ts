import { createRoute, z } from "@hono/zod-openapi";
import { makeApp } from "./app";
import { requireRole } from "./guards";

const params = z.object({ id: z.string() });

const list = createRoute({ method: "get", path: "/", responses: { 200: { description: "all parcels" } } });
const one = createRoute({ method: "get", path: "/{id}", request: { params }, security: [{ Bearer: [] }], responses: { 200: { description: "one" } } });
const remove = createRoute({
  method: "delete",
  path: "/{id}",
  middleware: [requireRole("clerk")] as const,
  request: { params },
  responses: { 204: { description: "gone" } },
});

export const parcels = makeApp()
  .openapi(list, (c) => c.json([]))
  .openapi(one, (c) => c.json({ id: c.req.valid("param").id }))
  .openapi(remove, (c) => c.body(null, 204));
