import type { FastifyPluginAsync } from "fastify";

const order: FastifyPluginAsync = async (fastify) => {
  fastify.get("/", async (request) => ({ id: request.params.id }));
};

export default order;
