import { Router, type Request, type Response } from "express";
import { requireMember } from "../guards";
import { memberById } from "./store";

export class MembersController {
  readonly router = Router();

  constructor() {
    this.router.get("/", requireMember, this.list);
    this.router.get("/:id", this.one.bind(this));
  }

  private list = (req: Request, res: Response) => res.json([]);

  private async one(req: Request, res: Response) {
    if (!req.session.user) return res.status(401).end();
    res.json(await memberById(req.params.id));
  }
}
