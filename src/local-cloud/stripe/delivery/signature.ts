import { createHmac, randomBytes } from 'node:crypto';

/**
 * The `Stripe-Signature` header: HMAC-SHA256 of `<t>.<body>`, keyed with the whole secret (`whsec_` included), one
 * `v1` per secret. Test events carry a `v0` as well, which verifies nothing; clients must ignore it.
 */
export function signatureHeader(body: string, secrets: string[], seconds: number, livemode: boolean): string {
  const signatures = secrets.map((secret) => `v1=${sign(body, secret, seconds)}`);
  if (!livemode) signatures.push(`v0=${randomBytes(32).toString('hex')}`);
  return [`t=${seconds}`, ...signatures].join(',');
}

function sign(body: string, secret: string, seconds: number): string {
  return createHmac('sha256', secret).update(`${seconds}.${body}`, 'utf8').digest('hex');
}
