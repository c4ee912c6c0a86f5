import { Router } from "express";
import { compare } from "bcryptjs";
import { memberByName } from "../members/store";

export const login = Router();

login.post("/", async (req, res) => {
  const member = await memberByName(req.body.name);
  if (!member || !(await compare(req.body.password, member.password))) {
    return res.status(401).json({ error: "wrong name or password" });
  }
  req.session.memberId = member.id;
  res.json({ ok: true });
});

login.delete("/", (req, res) => {
  req.session.destroy(() => res.sendStatus(204));
});
