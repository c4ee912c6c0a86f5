import { createHTTPServer } from "@trpc/server/adapters/standalone";
import { app } from "./root";

createHTTPServer({ router: app, createContext: () => ({}) }).listen(3000);
