import { createHmac, timingSafeEqual } from 'node:crypto';

/** Stripe's own tolerance. Only age counts: a time ahead of ours passes. */
const TOLERANCE_SECONDS = 300;

export type SignatureVerdict = 'valid' | 'missing' | 'invalid' | 'expired';

/**
 * Verifies a `Stripe-Signature` header (`t=<seconds>,v1=<hex>[,v1=…]`): HMAC-SHA256 over `<t>.<raw body>`, keyed with
 * the whole secret. Any v1 made with any of the secrets will do; other schemes (`v0`) are not looked at.
 */
export function verifySignature(
  body: Uint8Array,
  header: string | undefined,
  secrets: string[],
  nowMs: number = Date.now(),
): SignatureVerdict {
  if (!header) return 'missing';
  const { timestamp, signatures } = parseHeader(header);
  if (timestamp === null) return 'invalid';
  const matches = secrets.some((secret) => {
    const expected = createHmac('sha256', secret).update(`${timestamp}.`).update(body).digest();
    // Every signature is compared, in constant time each.
    return (
      signatures.filter(
        (signature) => signature.length === expected.length && timingSafeEqual(signature, expected),
      ).length > 0
    );
  });
  if (!matches) return 'invalid';
  return Math.floor(nowMs / 1000) - Number(timestamp) > TOLERANCE_SECONDS ? 'expired' : 'valid';
}

function parseHeader(header: string): { timestamp: string | null; signatures: Buffer[] } {
  let timestamp: string | null = null;
  const signatures: Buffer[] = [];
  for (const item of header.split(',')) {
    const [name, value = ''] = item.trim().split('=');
    if (name === 't' && /^\d{1,12}$/.test(value)) timestamp = value;
    if (name === 'v1' && /^[0-9a-f]{64}$/i.test(value)) signatures.push(Buffer.from(value, 'hex'));
  }
  return { timestamp, signatures };
}
