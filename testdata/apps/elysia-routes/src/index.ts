import { Elysia } from "elysia";
import { books } from "./books";
import { desk } from "./desk";
import { known } from "./session";

const app = new Elysia()
  .get("/health", () => "ok")
  .use(books)
  .group("/desk", (app) => app.use(desk))
  .get("/still-open", () => "hooks of a plugin stay inside it")
  .use(known)
  .get("/me", ({ user }) => user)
  .listen(3000);

export type App = typeof app;
