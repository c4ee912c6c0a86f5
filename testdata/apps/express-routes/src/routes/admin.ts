import { Router } from "express";
import { requireRole } from "../guards";

export const adminRoutes = Router();

const reports = ["members", "money"];

adminRoutes.use(requireRole("admin"));
adminRoutes.get("/", (req, res) => res.json({}));
reports.forEach((name) => {
  adminRoutes.get(`/reports/${name}`, (req, res) => res.json({ name }));
});
