import type { FastifyInstance } from "fastify";

export default async function (app: FastifyInstance) {
  app.addHook("onRequest", async (request, reply) => {
    if (request.url.startsWith("/api/orders/estimate")) return;
    await app.authenticate(request, reply);
  });
}
