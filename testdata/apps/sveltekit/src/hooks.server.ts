import { redirect } from "@sveltejs/kit";
import { sequence } from "@sveltejs/kit/hooks";
import { sessions } from "./lib/sessions";

const known = async ({ event, resolve }) => {
  event.locals.user = await sessions.find(event.cookies.get("session_token"));
  return resolve(event);
};

const gate = async ({ event, resolve }) => {
  if (!event.locals.user && event.url.pathname.startsWith("/admin")) redirect(303, "/login");
  return resolve(event);
};

export const handle = sequence(known, gate);
