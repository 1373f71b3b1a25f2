import Stripe from 'stripe';
import { describe, expect, it } from 'vitest';
import { verifySignature } from '../../handlers/stripe-webhook/signature.js';
import { fc } from '../support/property-tests.js';

const SECRET = 'whsec_current';
const NOW = 1_790_000_000;

function sign(payload: string, secret = SECRET, timestamp = NOW): string {
  return Stripe.webhooks.generateTestHeaderString({ payload, secret, timestamp });
}

function verify(body: string | Uint8Array, header: string | undefined, secrets = [SECRET], now = NOW) {
  return verifySignature(typeof body === 'string' ? Buffer.from(body) : body, header, secrets, now * 1000);
}

describe('webhook signatures', () => {
  it('agree with the Stripe library for any body and secret', () => {
    fc.assert(
      fc.property(
        fc.string({ unit: 'grapheme', minLength: 1 }),
        fc.string().map((text) => `whsec_${text}`),
        (payload, secret) => {
          const header = sign(payload, secret);
          expect(verify(payload, header, [secret])).toBe('valid');
          expect(
            Stripe.webhooks.constructEvent(
              JSON.stringify({ payload }),
              sign(JSON.stringify({ payload }), secret, Math.floor(Date.now() / 1000)),
              secret,
            ),
          ).toEqual({ payload });
        },
      ),
    );
  });

  it('are refused for any other body', () => {
    fc.assert(
      fc.property(fc.string({ minLength: 1 }), fc.string(), (payload, other) => {
        fc.pre(payload !== other);
        expect(verify(other, sign(payload))).toBe('invalid');
      }),
    );
  });

  it('are refused for any header that nobody signed, without throwing', () => {
    fc.assert(
      fc.property(
        fc.string(),
        fc.array(fc.constantFrom('t=', 'v1=', ',', '=', `${NOW}`, 'a'.repeat(64))),
        (noise, parts) => {
          for (const header of [noise, parts.join('')])
            expect(verify('{}', header)).toBe(header === '' ? 'missing' : 'invalid');
        },
      ),
    );
  });

  it('may be made with any of several secrets, and one of several signatures is enough', () => {
    const [old, current] = [sign('{}', 'whsec_old'), sign('{}')];
    expect(verify('{}', old, ['whsec_new', 'whsec_old'])).toBe('valid');
    expect(verify('{}', old, ['whsec_new'])).toBe('invalid');
    const both = `${old},${current.split(',')[1]}`;
    expect(verify('{}', both)).toBe('valid');
    expect(verify('{}', both.replaceAll(',', ' , '))).toBe('valid');
  });

  it('count only in scheme v1', () => {
    expect(verify('{}', sign('{}').replace('v1=', 'v0='))).toBe('invalid');
    expect(verify('{}', sign('{}').replace(',v1=', `,v0=${'0'.repeat(64)},v1=`))).toBe('valid');
  });

  it('last for five minutes, and may come from a clock ahead of ours', () => {
    expect(verify('{}', sign('{}', SECRET, NOW - 300))).toBe('valid');
    expect(verify('{}', sign('{}', SECRET, NOW - 301))).toBe('expired');
    expect(verify('{}', sign('{}', 'whsec_other', NOW - 301))).toBe('invalid');
    expect(verify('{}', sign('{}', SECRET, NOW + 3600))).toBe('valid');
  });

  it('are missing when there is no header', () => {
    expect(verify('{}', undefined)).toBe('missing');
  });

  it('are over bytes: bodies that are not UTF-8 stay apart', () => {
    const header = sign('\ufffd');
    expect(verify(Buffer.from('\ufffd'), header)).toBe('valid');
    expect(verify(Buffer.from([0xff]), header)).toBe('invalid');
  });
});
