import { createCookieSessionStorage, redirect } from "@remix-run/node";

const storage = createCookieSessionStorage({
  cookie: { name: "__session", httpOnly: true, secure: true, sameSite: "lax", secrets: [process.env.SESSION_SECRET ?? ""] },
});

export async function getUserId(request: Request) {
  const session = await storage.getSession(request.headers.get("Cookie"));
  return session.get("userId");
}

export async function requireUserId(request: Request) {
  const userId = await getUserId(request);
  if (!userId) throw redirect("/login");
  return userId;
}
