import { invalidRequest } from '../../http/errors.js';
import type { Side } from '../../side.js';

const MOST = 16;

/** Stripe registers at most 16 webhook endpoints; v2 destinations that are webhooks are taken to count as well. */
export function checkEndpointLimit(side: Side, livemode: boolean): void {
  const endpoints = side.tables.webhookEndpoints
    .values()
    .filter((endpoint) => endpoint.livemode === livemode);
  const destinations = side.tables.destinations.values().filter((d) => d.webhook && d.livemode === livemode);
  if (endpoints.length + destinations.length >= MOST)
    throw invalidRequest(
      `You have reached the maximum of ${MOST} ${livemode ? 'live' : 'test'} webhook endpoints.`,
    );
}
