/** The `Stripe-Signature` header for a body, as Stripe would send it now. */
export async function signPayload(payload: string, secret: string): Promise<string> {
  const { default: Stripe } = await import('stripe');
  return Stripe.webhooks.generateTestHeaderStringAsync({ payload, secret });
}
