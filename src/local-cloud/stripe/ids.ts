import { randomInt } from 'node:crypto';

const ALPHABET = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789';

export function randomText(length: number): string {
  let text = '';
  for (let i = 0; i < length; i++) text += ALPHABET[randomInt(ALPHABET.length)];
  return text;
}

/** An id as Stripe makes them: the type's prefix, a leading version digit where that type has one, and noise. */
export const newId = {
  event: () => `evt_1${randomText(23)}`,
  v2Event: (livemode: boolean) => `evt_${livemode ? '' : 'test_'}65${randomText(38)}`,
  product: () => `prod_${randomText(14)}`,
  price: () => `price_1${randomText(23)}`,
  lineItem: () => `li_1${randomText(23)}`,
  paymentMethod: () => `pm_1${randomText(23)}`,
  paymentIntent: () => `pi_3${randomText(23)}`,
  charge: () => `ch_3${randomText(23)}`,
  paymentPage: () => `ppage_1${randomText(23)}`,
  webhookEndpoint: () => `we_1${randomText(23)}`,
  signingSecret: () => `whsec_${randomText(32)}`,
  request: () => `req_${randomText(14)}`,
  session: (livemode: boolean) => `cs_${livemode ? 'live' : 'test'}_a1${randomText(56)}`,
  destination: (livemode: boolean) => `ed_${livemode ? '' : 'test_'}61${randomText(40)}`,
};
