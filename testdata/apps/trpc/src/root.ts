import { cards } from "./cards";
import { createRouter, mergeRouters, openProcedure } from "./trpc";

const health = createRouter({ health: openProcedure.query(() => "up") });

export const app = mergeRouters(health, createRouter({ cards }));
