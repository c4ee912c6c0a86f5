import NextAuth from "next-auth";
import { authOptions } from "./options";

export const GET = NextAuth(authOptions); // finding: jwt-long-lived-access-token
export const POST = NextAuth(authOptions); // ok: jwt-long-lived-access-token
