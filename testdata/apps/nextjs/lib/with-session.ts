import { cookies } from "next/headers";
import { NextResponse } from "next/server";
import { sessions } from "./sessions";

type Handler = (request: Request, context: { params: Promise<{ id: string }>; userId: string }) => Promise<Response>;

export function withSession(handler: Handler) {
  return async (request: Request, context: { params: Promise<{ id: string }> }) => {
    const session = await sessions.find((await cookies()).get("session_token")?.value);
    if (!session) return NextResponse.json({ error: "sign in first" }, { status: 401 });
    return handler(request, { ...context, userId: session.userId });
  };
}

/** Only writes down how long it took. */
export function withTiming(handler: (request: Request, context: never) => Promise<Response>) {
  return async (request: Request, context: never) => {
    const start = Date.now();
    const response = await handler(request, context);
    console.log(request.url, Date.now() - start);
    return response;
  };
}
