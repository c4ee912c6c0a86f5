import { except } from "hono/combine";
import { logger } from "hono/logger";
import { secureHeaders } from "hono/secure-headers";
import { makeApp } from "./app";
import { customers } from "./customers";
import { hooks } from "./hooks";
import { parcels } from "./parcels";
import { requireUser } from "./guards";

const app = makeApp();

app.use(logger(), secureHeaders());
app.get("/", (c) => c.text("parcels"));
app.route("/hooks", hooks);
app.use("/api/*", except(["/api/status", "/api/docs/*"], requireUser));
app.get("/api/status", (c) => c.json({ ok: true }));
app.get("/api/docs/:page", (c) => c.text("a page"));
app.route("/api/parcels", parcels);
app.route("/api/customers", customers);
app.get("/apiary", (c) => c.text("not below /api"));

// The exact path only: what lies below it is open.
app.use("/reports", requireUser);
app.get("/reports", (c) => c.json([]));
app.get("/reports/:year", (c) => c.json({}));

export default app;
