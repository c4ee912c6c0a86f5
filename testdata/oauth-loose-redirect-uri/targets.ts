import type { Request, Response } from "express";

export function path(req: Request, res: Response) {
  const next = req.query.next;
  if (typeof next === "string" && next.startsWith("/") && !next.startsWith("//")) {
    return res.redirect(next); // ok: oauth-loose-redirect-uri
  }
  res.redirect("/");
}

export function helper(req: Request, res: Response) {
  res.redirect(safeRedirect(req.query.next)); // ok: oauth-loose-redirect-uri
}

export function origin(req: Request, res: Response) {
  const target = new URL(req.query.next as string, "https://shop.example");
  if (target.origin !== "https://shop.example") {
    return res.status(400).end();
  }
  res.redirect(target.toString()); // ok: oauth-loose-redirect-uri
}

export function part(req: Request, res: Response) {
  res.redirect("/users/" + req.params.id); // ok: oauth-loose-redirect-uri
}

export function table(req: Request, res: Response) {
  res.redirect(PAGES[req.query.page as string] ?? "/"); // ok: oauth-loose-redirect-uri
}

export function taken(req: Request, res: Response) {
  const { returnUrl } = req.query;
  res.redirect(returnUrl as string); // finding: oauth-loose-redirect-uri
}

export function fallback(req: Request, res: Response) {
  const returnUrl = req.query.returnUrl || "/";
  res.redirect(String(returnUrl)); // finding: oauth-loose-redirect-uri
}

export function slash(redirectUri: string) {
  return redirectUri.startsWith("https://shop.example/"); // ok: oauth-loose-redirect-uri
}
