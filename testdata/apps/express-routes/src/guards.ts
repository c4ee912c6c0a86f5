import type { ErrorRequestHandler, NextFunction, Request, RequestHandler, Response } from "express";
import jwt from "jsonwebtoken";
import { memberById } from "./members/store";

/** Knows the caller where there is a token, and lets everybody pass. */
export const attachMember: RequestHandler = async (req, res, next) => {
  const token = req.headers.authorization?.slice(7);
  if (token) {
    try {
      const claims = jwt.verify(token, process.env.JWT_KEY!, { algorithms: ["HS256"], audience: "club", issuer: "https://id.example" });
      req.member = await memberById((claims as { sub: string }).sub);
    } catch {
      req.member = undefined;
    }
  }
  next();
};

export function requireMember(req: Request, res: Response, next: NextFunction) {
  if (!req.session.memberId) {
    return res.status(401).json({ error: "sign in first" });
  }
  next();
}

export const requireRole =
  (...roles: string[]): RequestHandler =>
  (req, res, next) => {
    if (!req.session.user) return res.status(401).end();
    if (!roles.includes(req.session.user.role)) return res.status(403).end();
    next();
  };

const seen = new Map<string, number>();

/** Counts callers; it asks nobody who they are. */
export const slowly: RequestHandler = (req, res, next) => {
  const key = req.session.user?.id ?? req.ip;
  seen.set(key, (seen.get(key) ?? 0) + 1);
  if (seen.get(key)! > 100) return res.status(429).end();
  next();
};

/** Four parameters: it runs after a failure only. */
export const errors: ErrorRequestHandler = (error, req, res, next) => {
  if (!req.session.user) return res.status(401).end();
  next(error);
};
