import type { CookieOptions } from "express";

const base: CookieOptions = { httpOnly: true, path: "/" };

export const strict: CookieOptions = { ...base, secure: process.env.NODE_ENV === "production", sameSite: "strict" };

export function optionsFor(lifetime: number): CookieOptions {
  return { httpOnly: true, secure: true, sameSite: "lax", maxAge: lifetime };
}

export const loose: CookieOptions = { ...base, httpOnly: false, secure: true };
