import type { Request, Response } from "express";
import { loose, optionsFor, strict } from "./options";

export function login(req: Request, res: Response, token: string) {
  res.cookie("token", token, strict); // ok: token-cookie-insecure
  res.cookie("token", token, optionsFor(900000)); // ok: token-cookie-insecure
  res.cookie("token", token, { ...strict, maxAge: 900000 }); // ok: token-cookie-insecure
  res.cookie("token", token, loose); // finding: token-cookie-insecure
  res.cookie("token", token, req.app.locals.cookieOptions); // ok: token-cookie-insecure
  res.cookie("tokenType", "bearer"); // ok: token-cookie-insecure
  res.cookie("session_theme", req.query.theme); // ok: token-cookie-insecure
}

export function logout(res: Response) {
  res.cookie("token", "", { expires: new Date(0) }); // ok: token-cookie-insecure
  res.cookie("token", null, { maxAge: 0 }); // ok: token-cookie-insecure
}
