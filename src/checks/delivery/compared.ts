import { toMajor } from '../../../handlers/contract/amounts.js';
import { spanOf } from '../../core/duration.js';
import type { Evidence } from '../../core/finding.js';
import { dashboardLinks } from '../../stripe/dashboard-links.js';
import type { InFlight } from '../../world/comparison/in-flight.js';
import type { ComparedEvent, ComparedOrder, Comparison } from '../../world/comparison/types.js';
import { DESTINATION_READS } from '../../world/destination.js';
import type { World } from '../../world/world.js';

/** What every check of deliveries rests on: a ledger that can be asked, and a key for the stage's own mode. */
export const DELIVERY_NEEDS = ['account.stripe-key', 'account.mode', 'database.schema'] as const;
export const DELIVERY_IAM = [
  'cloudformation:DescribeStacks',
  'lambda:InvokeFunction',
  ...DESTINATION_READS.iam,
] as const;
export const DELIVERY_STRIPE = [
  ...DESTINATION_READS.stripe,
  'event_read',
  'checkout_session_read',
  'webhook_read',
] as const;
/** A day of a busy shop is many pages. */
export const DELIVERY_TIMEOUT_MS = 180_000;

const DAY_MS = 24 * 3_600_000;
/** As many as a finding can show. */
const SHOWN = 5;

export const NO_LEDGER =
  "the stack is not cachao's own, so there is no ledger to compare Stripe's events with";

export function money(amountMinor: number, currency: string): string {
  return `${toMajor(amountMinor, currency)} ${currency.toUpperCase()}`;
}

/** "3 events", "1 order". */
export function counted(number: number, what: string): string {
  return `${number} ${what}${number === 1 ? '' : 's'}`;
}

/** "2 events in flight: payments of 50.00 EUR": in no order yet, and in no books. */
export function inFlightWords({ events, amountMinor }: InFlight, currency: string): string {
  return `${counted(events, 'event')} in flight${amountMinor > 0 ? `: payments of ${money(amountMinor, currency)}` : ''}`;
}

/** "the last 24 h". */
export function windowOf({ since, until }: Pick<Comparison, 'since' | 'until'>): string {
  return `the last ${spanOf(Date.parse(until) - Date.parse(since))}`;
}

/** Reconcile looks back a week unless told otherwise; what was found further back needs more. */
export function reconcileCommand({ choices }: World, flags = ''): string {
  const days = Math.ceil(choices.windowMs / DAY_MS);
  return `cachao reconcile${flags}${days > 7 ? ` --since ${days}d` : ''}`;
}

export function eventEvidence(world: World, events: readonly ComparedEvent[]): Evidence[] {
  return events.slice(0, SHOWN).map((event) => ({
    label: event.eventType.replace('checkout.session.', ''),
    value: [event.eventId, event.createdAt, event.orderId ? `order ${event.orderId}` : '', event.why]
      .filter(Boolean)
      .join(', '),
    url: dashboardLinks.event(world.settings.mode, event.eventId),
  }));
}

export function orderEvidence(orders: readonly ComparedOrder[]): Evidence[] {
  return orders.slice(0, SHOWN).map((order) => ({
    label: `order ${order.orderId}`,
    value: [order.status, order.why].filter(Boolean).join(', '),
  }));
}
