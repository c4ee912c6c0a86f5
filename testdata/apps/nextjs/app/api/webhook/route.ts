import Stripe from "stripe";

const stripe = new Stripe(process.env.STRIPE_KEY ?? "");

export async function POST(request: Request) {
  const event = stripe.webhooks.constructEvent(await request.text(), request.headers.get("stripe-signature") ?? "", process.env.STRIPE_HOOK ?? "");
  return Response.json({ seen: event.id });
}
