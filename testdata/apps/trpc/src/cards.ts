import { adminProcedure, createRouter, maybeProcedure, openProcedure, userProcedure } from "./trpc";

const comments = createRouter({
  list: openProcedure.query(() => []),
  add: userProcedure.mutation(({ ctx }) => ({ by: ctx.user.id })),
});

export const cards = createRouter({
  byId: maybeProcedure.query(({ ctx }) => ({ yours: ctx.user?.id })),
  remove: userProcedure.mutation(() => true),
  comments,
  admin: { purge: adminProcedure.mutation(() => true) },
});
