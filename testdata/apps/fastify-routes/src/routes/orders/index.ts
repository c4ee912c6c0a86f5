import type { FastifyPluginAsync } from "fastify";

const orders: FastifyPluginAsync = async (fastify) => {
  fastify.get("/", async () => []);
  fastify.get("/estimate", async () => ({ price: 0 }));
};

export default orders;
