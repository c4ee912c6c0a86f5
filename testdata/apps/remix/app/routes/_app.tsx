import { requireUserId } from "../session.server";

/** Runs beside the loaders below it, and stops none of them. */
export const loader = async ({ request }) => ({ userId: await requireUserId(request) });
