import jwt from "@fastify/jwt";
import type { FastifyReply, FastifyRequest } from "fastify";
import fp from "fastify-plugin";

export const authentication = fp(async (app) => {
  app.register(jwt, { secret: process.env.JWT_KEY!, verify: { algorithms: ["HS256"], allowedAud: "garage", allowedIss: "https://id.example" } });

  app.decorate("authenticate", async (request: FastifyRequest, reply: FastifyReply) => {
    try {
      await request.jwtVerify();
    } catch (error) {
      return reply.code(401).send(error);
    }
  });

  app.decorate("anybody", async () => {});

  app.decorateRequest("demand", function (this: FastifyRequest, reply: FastifyReply, role: string) {
    if (this.user.role !== role) reply.code(403).send({ error: "not for you" });
  });
});
