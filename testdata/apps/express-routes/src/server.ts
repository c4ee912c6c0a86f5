import express from "express";
import session from "express-session";
import helmet from "helmet";
import { adminRoutes } from "./routes/admin";
import { modules } from "./routes";
import { MembersController } from "./members/controller";
import { attachMember, errors, requireMember } from "./guards";

const app = express();
const api = express.Router();

app.use(helmet());
app.use(express.json());
app.use(session({ secret: process.env.SESSION_SECRET!, resave: false, saveUninitialized: false, cookie: { secure: true, httpOnly: true } }));
app.use(errors);
app.use(attachMember);

app.get("/health", (req, res) => res.json({ ok: true }));
app.get("/", (req, res) => res.json({ member: req.member ?? null }));

// Everything below /files is for members, whoever registers it later.
app.all("/files/*path", requireMember);
app.get("/files/:name", (req, res) => res.sendFile(req.params.name, { root: "files" }));
app.get("/filesystem", (req, res) => res.send("not below /files"));

for (const { path, router } of modules) {
  api.use(path, router);
}
api.use("/members", new MembersController().router);
app.use("/api", api);
app.use("/admin", adminRoutes);
app.post("/admin/flags", (req, res) => res.sendStatus(204));

app.listen(8080);
