import { makeApp } from "./app";
import { requireRole } from "./guards";

export const customers = makeApp();

customers.get("/me", (c) => c.json(c.get("user")));
customers.use("/all/*", requireRole("manager"));
customers.get("/all", (c) => c.json([]));
customers.on(["PUT", "PATCH"], "/all/:id", (c) => c.body(null, 204));
