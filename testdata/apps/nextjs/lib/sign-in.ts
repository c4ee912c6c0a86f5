export async function GET() {
  return Response.json({ methods: ["mail"] });
}

export async function POST(request: Request) {
  const { mail } = await request.json();
  return Response.json({ sent: mail });
}
