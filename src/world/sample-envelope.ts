import type { StripeEnvelope } from '../../handlers/contract/envelope.js';

/** A real-shaped envelope with fixed ids, for asking AWS whether a pattern matches. Nothing is sent anywhere. */
export function sampleEnvelope(of: {
  source: string;
  type: string;
  account: string;
  region: string;
}): string {
  const envelope: StripeEnvelope = {
    version: '0',
    id: '00000000-0000-4000-8000-000000000000',
    'detail-type': of.type,
    source: of.source,
    account: of.account,
    time: '2026-01-01T00:00:00Z',
    region: of.region,
    resources: [`arn:aws:events:${of.region}::event-source/${of.source}`],
    detail: {
      id: 'evt_sample',
      object: 'event',
      type: of.type,
      api_version: null,
      created: 1767225600,
      livemode: !of.source.includes('ed_test_'),
      data: { object: { id: 'cs_sample', object: 'checkout.session', payment_status: 'paid', metadata: {} } },
    },
  };
  return JSON.stringify(envelope);
}
