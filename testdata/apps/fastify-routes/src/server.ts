import path from "node:path";
import autoload from "@fastify/autoload";
import fastifyAuth from "@fastify/auth";
import Fastify from "fastify";
import { authentication } from "./authentication.js";
import { cars } from "./cars.js";

const app = Fastify({ logger: true });

app.register(authentication);
app.register(fastifyAuth);
app.register(autoload, { dir: path.join(import.meta.dirname, "routes"), autoHooks: true, cascadeHooks: true, options: { prefix: "/api" } });
app.register(cars, { prefix: "/cars" });
app.get("/health", async () => ({ ok: true }));

app.register(async (part) => {
  // The status is set, and the handler answers all the same.
  part.addHook("preHandler", async (request, reply) => {
    if (!request.headers["x-garage-key"]) reply.code(401);
  });
  part.get("/parts", async () => []);
});

app.listen({ port: 8080 });
