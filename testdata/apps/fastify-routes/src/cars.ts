import type { FastifyInstance } from "fastify";

export async function cars(app: FastifyInstance) {
  app.get("/", async () => []);
  app.get("/:id", { onRequest: [app.authenticate] }, async (request) => ({ id: request.params.id }));
  app.route({
    method: ["PUT", "PATCH"],
    url: "/:id",
    preHandler: app.authenticate,
    handler: async (request, reply) => reply.code(204).send(),
  });
  app.delete(
    "/:id",
    {
      onRequest: app.authenticate,
      preHandler: async (request, reply) => request.demand(reply, "mechanic"),
    },
    async (request, reply) => reply.code(204).send(),
  );
  // One that passes is enough, and `anybody` always does.
  app.post("/:id/wash", { preHandler: app.auth([app.authenticate, app.anybody]) }, async () => ({ done: true }));
  app.post("/:id/sell", { preHandler: app.auth([app.authenticate, app.anybody], { relation: "and" }) }, async () => ({ done: true }));
}
