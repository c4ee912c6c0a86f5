import { Router } from "express";
import { requireMember, requireRole, slowly } from "../guards";
import { eventById, listEvents, removeEvent } from "../members/store";

export const events = Router();

events.get("/", slowly, async (req, res) => res.json(await listEvents()));

events
  .route("/:event")
  .get(async (req, res) => res.json(await eventById(req.params.event)))
  .put([requireMember, requireRole("editor")], (req, res) => res.sendStatus(204))
  .delete(requireRole("editor", "admin"), async (req, res) => {
    await removeEvent(req.params.event);
    res.sendStatus(204);
  });

events.param("guest", requireMember);
events.get("/:event/guests/:guest", (req, res) => res.json({}));

// Registered before the guard below it: open.
events.get("/feed/all", (req, res) => res.json([]));
events.use(requireMember);
events.get("/mine/all", (req, res) => res.json([]));
