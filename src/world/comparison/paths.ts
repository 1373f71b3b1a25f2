import type { StripeEvent } from '../../../handlers/contract/stripe-event.js';
import type { Classified, StageFacts } from './classify.js';
import type { PathTally } from './types.js';

/** How each configured path has been delivering, from events in any order. */
export class PathTallies {
  private readonly tallies: PathTally[];

  constructor(facts: Pick<StageFacts, 'paths'>) {
    this.tallies = facts.paths.map(({ via, since }) => ({
      via,
      since: Number.isFinite(since) ? new Date(since).toISOString() : null,
      expected: 0,
      delivered: 0,
      lost: 0,
      firstMissedAt: null,
      lastMissedAt: null,
      lastDeliveredAt: null,
      state: 'idle',
    }));
  }

  add(event: StripeEvent, classified: Classified): void {
    const at = new Date(event.created * 1000).toISOString();
    for (const { via, delivered } of classified.paths) {
      const tally = this.tallies.find((one) => one.via === via);
      if (!tally) continue;
      tally.expected += 1;
      if (delivered) {
        tally.delivered += 1;
        tally.lastDeliveredAt = later(tally.lastDeliveredAt, at);
      } else {
        if (classified.class === 'missing') tally.lost += 1;
        tally.firstMissedAt = earlier(tally.firstMissedAt, at);
        tally.lastMissedAt = later(tally.lastMissedAt, at);
      }
    }
  }

  finish(): PathTally[] {
    return this.tallies.map((tally) => ({ ...tally, state: stateOf(tally) }));
  }
}

function stateOf(tally: PathTally): PathTally['state'] {
  if (tally.expected === 0) return 'idle';
  if (tally.lastMissedAt === null) return 'healthy';
  if (tally.lastDeliveredAt === null) return 'dead';
  return tally.lastMissedAt > tally.lastDeliveredAt ? 'broken' : 'recovered';
}

const later = (a: string | null, b: string): string => (a === null || b > a ? b : a);
const earlier = (a: string | null, b: string): string => (a === null || b < a ? b : a);
