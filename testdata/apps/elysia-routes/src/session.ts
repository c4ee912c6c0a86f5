import { Elysia } from "elysia";
import { sessions } from "./store";

/** A user who may be null stops nobody. */
export const visitor = new Elysia({ name: "visitor" }).derive({ as: "scoped" }, async ({ cookie }) => ({
  user: (await sessions.find(cookie.token.value)) ?? null,
}));

export const known = new Elysia({ name: "known" }).resolve({ as: "scoped" }, async ({ cookie, status }) => {
  const user = await sessions.find(cookie.token.value);
  if (!user) return status(401);
  return { user };
});

export const options = new Elysia({ name: "options" }).macro({
  librarian: {
    resolve: async ({ cookie, status }) => {
      const user = await sessions.find(cookie.token.value);
      if (!user) return status(401);
      if (user.role !== "librarian") return status(403);
      return { user };
    },
  },
});
