import type Stripe from 'stripe';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { STRIPE_LIVE_KEY } from '../../../src/local-cloud/stripe/index.js';
import { type LocalStripe, ORDER, startLocalStripe } from './support.js';

let local: LocalStripe;
let sdk: Stripe;
beforeEach(async () => {
  local = await startLocalStripe();
  sdk = local.sdk();
});
afterEach(() => local.close());

const GOOD = {
  email: 'jenny@example.com',
  name: 'Jenny',
  number: '4242 4242 4242 4242',
  expiry: '12 / 34',
  cvc: '123',
};

/** Sends the form as a browser without script would. */
function send(url: string, fields: Record<string, string>): Promise<Response> {
  return fetch(url, { method: 'POST', body: new URLSearchParams(fields), redirect: 'manual' });
}

describe('the hosted payment page', () => {
  it('shows the order, escaped, with a label for every field and no script', async () => {
    const { url } = await sdk.checkout.sessions.create({ ...ORDER, customer_email: 'a&b@example.com' });
    const answer = await fetch(url as string);
    const page = await answer.text();
    expect(answer.headers.get('content-security-policy')).toContain("default-src 'none'");
    expect(page).toContain('Concert &#60;b&#62;ticket&#60;/b&#62; × 2');
    expect(page).toContain('€30.00');
    expect(page).toContain('value="a&#38;b@example.com"');
    expect(page).not.toContain('<script');
    for (const [, id] of page.matchAll(/<input id="(\w+)"/g)) expect(page).toContain(`<label for="${id}">`);
    expect(page).not.toContain('IBAN');
  });

  it('takes a good card and sends the customer back to the shop', async () => {
    const { id, url } = await sdk.checkout.sessions.create(ORDER);
    const answer = await send(url as string, GOOD);
    expect([answer.status, answer.headers.get('location')]).toEqual([
      303,
      `https://shop.example/thanks?session=${id}`,
    ]);
    const session = await sdk.checkout.sessions.retrieve(id);
    expect(session).toMatchObject({
      payment_status: 'paid',
      customer_details: { email: 'jenny@example.com', name: 'Jenny' },
    });
    const again = await send(`${local.url}/pay/${id}`, GOOD);
    expect([again.status, await again.text()]).toEqual([
      200,
      expect.stringContaining('This order is complete'),
    ]);
    expect((await sdk.events.list({ type: 'checkout.session.completed' })).data).toHaveLength(1);
  });

  it.each([
    ['4000000000000002', 'Your card was declined.'],
    ['4000000000009995', 'Your card has insufficient funds.'],
  ])('says why %s was refused and takes another card', async (number, message) => {
    const { id, url } = await sdk.checkout.sessions.create(ORDER);
    const refused = await send(url as string, { ...GOOD, number });
    const page = await refused.text();
    expect([refused.status, page]).toEqual([402, expect.stringContaining(message)]);
    expect(page).toContain('role="alert"');
    expect(page).toContain('value="jenny@example.com"');
    expect(page).not.toContain(number);
    expect((await send(url as string, GOOD)).status).toBe(303);
    expect((await sdk.checkout.sessions.retrieve(id)).payment_status).toBe('paid');
  });

  it.each([
    ['email', 'nobody', 'Enter an e-mail address'],
    ['name', '', 'Enter the name'],
    ['number', '4242424242424241', 'Your card number is invalid.'],
    ['number', '4929 4212 3460 0821', 'Only test cards are accepted'],
    ['expiry', '13/34', 'Enter the expiry date'],
    ['expiry', '01/20', 'Your card&#39;s expiration date is in the past.'],
    ['cvc', '12', 'Enter the security code'],
  ])('shows what is wrong with %s %s beside the field', async (field, value, message) => {
    const { id, url } = await sdk.checkout.sessions.create(ORDER);
    const answer = await send(url as string, { ...GOOD, [field]: value });
    const page = await answer.text();
    expect(answer.status).toBe(422);
    expect(page).toContain(`id="${field}-error">${message}`);
    expect(page).toMatch(
      new RegExp(`<input id="${field}"[^>]*aria-describedby="[^"]*${field}-error"[^>]*aria-invalid="true"`),
    );
    expect((await sdk.checkout.sessions.retrieve(id)).status).toBe('open');
    expect((await sdk.events.list({ type: 'payment_intent.*' })).data).toEqual([]);
  });

  it('offers SEPA Direct Debit where the session does, settled later', async () => {
    const { id, url } = await sdk.checkout.sessions.create({
      ...ORDER,
      allowed_payment_method_types: ['card', 'sepa_debit'],
    });
    const fields = { method: 'sepa_debit', email: 'a@example.com', name: 'A' };
    expect(await (await send(url as string, { ...fields, iban: 'AT00' })).text()).toContain(
      'The IBAN is invalid.',
    );
    const answer = await send(url as string, { ...fields, iban: 'AT61 1904 3002 3457 3201' });
    expect(answer.status).toBe(303);
    expect((await sdk.checkout.sessions.retrieve(id)).payment_status).toBe('unpaid');
    await local.clock.advance(60_000);
    expect((await sdk.checkout.sessions.retrieve(id)).payment_status).toBe('paid');
  });

  it('is over when the session is expired, unknown, or live with a test card', async () => {
    const { id, url } = await sdk.checkout.sessions.create(ORDER);
    await sdk.checkout.sessions.expire(id);
    expect((await fetch(url as string)).status).toBe(410);
    expect((await send(url as string, GOOD)).status).toBe(410);
    expect((await fetch(`${local.url}/pay/cs_test_none`)).status).toBe(404);
    const live = await local.sdk(STRIPE_LIVE_KEY).checkout.sessions.create(ORDER);
    const refused = await send(live.url as string, GOOD);
    expect([refused.status, await refused.text()]).toEqual([
      402,
      expect.stringContaining('used a known test card'),
    ]);
  });
});
