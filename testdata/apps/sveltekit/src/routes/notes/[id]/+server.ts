import { error, json } from "@sveltejs/kit";

export async function GET({ params }) {
  return json({ id: params.id });
}

export async function DELETE({ locals, params }) {
  if (!locals.user) error(401, "sign in first");
  return json({ gone: params.id });
}
