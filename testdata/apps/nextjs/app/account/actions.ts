"use server";
import { cookies } from "next/headers";
import { redirect } from "next/navigation";
import { sessions } from "../../lib/sessions";

export async function rename(form: FormData) {
  const session = await sessions.find((await cookies()).get("session_token")?.value);
  if (!session) redirect("/login");
  console.log(session.userId, form.get("name"));
}

export async function close(userId: string) {
  console.log("closed", userId);
}
