import { events } from "./events";
import { login } from "./login";

export const modules = [
  { path: "/events", router: events },
  { path: "/login", router: login },
];
