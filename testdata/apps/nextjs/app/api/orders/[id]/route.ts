import { NextResponse } from "next/server";
import { withSession, withTiming } from "../../../../lib/with-session";

export const GET = withTiming(withSession(async (_request, { params }) => NextResponse.json(await params)));

export const DELETE = withTiming(async (_request: Request, { params }) => NextResponse.json(await params));

const PUT = GET;
export { PUT, PUT as PATCH };
