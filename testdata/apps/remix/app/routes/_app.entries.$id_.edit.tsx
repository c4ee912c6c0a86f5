import { requireUserId } from "../session.server";

export async function loader({ params }) {
  return { id: params.id };
}

export async function action({ request, params }) {
  const userId = await requireUserId(request);
  return { id: params.id, userId };
}
