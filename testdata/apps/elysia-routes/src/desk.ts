import { Elysia } from "elysia";
import { sessions } from "./store";

const ask = async ({ cookie, status }) => {
  const user = await sessions.find(cookie.token.value);
  if (user?.role !== "librarian") return status(403);
};

export const desk = new Elysia()
  .get("/hours", () => "nine to five")
  .guard({ beforeHandle: [ask] }, (app) => app.get("/loans", () => []).post("/loans", () => "lent"))
  .get("/address", () => "first floor")
  .onBeforeHandle(ask)
  .delete("/loans/:id", ({ params }) => params.id);
