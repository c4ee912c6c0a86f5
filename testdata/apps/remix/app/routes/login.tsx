import { redirect } from "@remix-run/node";
import { getUserId } from "../session.server";

export async function loader({ request }) {
  if (await getUserId(request)) return redirect("/");
  return null;
}

export async function action({ request }) {
  const form = await request.formData();
  return { sent: form.get("mail") };
}
