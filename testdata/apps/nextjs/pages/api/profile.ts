import type { NextApiRequest, NextApiResponse } from "next";
import { sessions } from "../../lib/sessions";

export default async function handler(request: NextApiRequest, response: NextApiResponse) {
  const session = await sessions.find(request.cookies.session_token);
  if (!session) return response.status(401).end();
  if (request.method === "GET") return response.json({ id: session.userId });
  if (request.method === "PUT") return response.json({ saved: true });
  return response.status(405).end();
}
