import type { LocalCloud } from '../kernel/cloud.js';
import { Agenda } from './agenda.js';
import { type Tables, tablesOf } from './tables.js';

/** How deliveries misbehave; set through `PUT /_cachao/stripe/unkindness`. */
export interface Unkindness {
  /** Probability, 0 to 1, that a delivery that succeeded is made once more. */
  duplicateRate: number;
  /** Every second delivery to a receiver is held back, so that the next overtakes it. */
  reorder: boolean;
  /** Added to every first attempt, in simulated milliseconds. */
  delayMs: number;
}

export const KIND: Unkindness = { duplicateRate: 0, reorder: false, delayMs: 0 };

/** What every part of the Stripe side shares. */
export interface Side {
  readonly cloud: LocalCloud;
  readonly tables: Tables;
  readonly agenda: Agenda;
  unkindness: Unkindness;
}

export function createSide(cloud: LocalCloud): Side {
  const agenda = new Agenda(cloud.store, cloud.clock, (kind, id, error) =>
    cloud.tell('stripe', `${kind} ${id} failed: ${error.message}`),
  );
  return { cloud, tables: tablesOf(cloud.store), agenda, unkindness: { ...KIND } };
}

/** Now, as Stripe's v1 timestamps have it: seconds since the epoch. */
export function nowSeconds(side: Side): number {
  return Math.floor(side.cloud.clock.now() / 1000);
}
