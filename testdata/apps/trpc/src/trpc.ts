import { TRPCError, initTRPC } from "@trpc/server";
import type { Context } from "./context";

const t = initTRPC.context<Context>().create();

const timed = t.middleware(async ({ path, next }) => {
  const start = Date.now();
  const result = await next();
  console.log(path, Date.now() - start);
  return result;
});

const signedIn = t.middleware(({ ctx, next }) => {
  if (!ctx.session?.user) throw new TRPCError({ code: "UNAUTHORIZED" });
  return next({ ctx: { user: ctx.session.user } });
});

/** Knows the caller, and lets everybody pass. */
const maybe = t.middleware(({ ctx, next }) => next({ ctx: { user: ctx.session?.user } }));

export const createRouter = t.router;
export const mergeRouters = t.mergeRouters;
export const openProcedure = t.procedure.use(timed);
export const maybeProcedure = openProcedure.use(maybe);
export const userProcedure = openProcedure.use(signedIn);
export const adminProcedure = userProcedure.use(({ ctx, next }) => {
  if (ctx.user.role !== "admin") throw new TRPCError({ code: "FORBIDDEN" });
  return next();
});
