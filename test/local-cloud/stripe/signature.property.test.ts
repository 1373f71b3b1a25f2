import Stripe from 'stripe';
import { expect, it } from 'vitest';
import { signatureHeader } from '../../../src/local-cloud/stripe/delivery/signature.js';
import { fc } from '../../support/property-tests.js';

const secret = fc.stringMatching(/^whsec_[A-Za-z0-9]{32}$/);
const body = fc.record({
  id: fc.constant('evt_1'),
  object: fc.constant('event'),
  text: fc.string({ unit: 'binary' }),
});

it('is accepted by the SDK for the secret it was made with, also beside another one', () => {
  fc.assert(
    fc.property(body, secret, secret, fc.boolean(), (event, one, two, livemode) => {
      fc.pre(one !== two);
      const text = JSON.stringify(event);
      const now = Math.floor(Date.now() / 1000);
      const both = signatureHeader(text, [one, two], now, livemode);
      expect(Stripe.webhooks.constructEvent(text, both, one)).toEqual(event);
      expect(Stripe.webhooks.constructEvent(text, both, two)).toEqual(event);
      expect(() =>
        Stripe.webhooks.constructEvent(text, signatureHeader(text, [one], now, livemode), two),
      ).toThrow();
      expect(() => Stripe.webhooks.constructEvent(`${text} `, both, one)).toThrow();
    }),
  );
});

it('goes stale: the time is signed with the body', () => {
  const text = '{"id":"evt_1","object":"event"}';
  const old = signatureHeader(text, ['whsec_x'], Math.floor(Date.now() / 1000) - 301, false);
  expect(() => Stripe.webhooks.constructEvent(text, old, 'whsec_x')).toThrow(/tolerance/);
});
