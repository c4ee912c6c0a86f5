import { NextResponse, type NextRequest } from "next/server";
import { sessions } from "./lib/sessions";

export async function proxy(request: NextRequest) {
  const session = await sessions.find(request.cookies.get("session_token")?.value);
  if (!session) return NextResponse.redirect(new URL("/login", request.url));
  return NextResponse.next();
}

export const config = { matcher: ["/((?!api|login|_next/static|favicon.ico).*)", "/api/admin/:path*"] };
