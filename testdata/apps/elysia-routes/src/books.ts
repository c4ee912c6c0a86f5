import { Elysia, t } from "elysia";
import { known, options, visitor } from "./session";

export const books = new Elysia({ prefix: "/books" })
  .use(visitor)
  .use(options)
  .get("/", () => [])
  .get("/:id", ({ params }) => params.id, { params: t.Object({ id: t.String() }) })
  .post("/", () => "added", { librarian: true })
  .post("/suggest", () => "thanks", { librarian: false })
  .use(known)
  .post("/:id/borrow", ({ params }) => params.id);
