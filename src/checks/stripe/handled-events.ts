import { HANDLED_EVENT_TYPES } from '../../../handlers/contract/stripe-event.js';
import { fail, pass } from '../../core/finding.js';
import type { Requirement } from '../../core/requirement.js';
import type { Bench } from '../../world/bench.js';
import type { World } from '../../world/world.js';
import type { PathCheck } from '../types.js';

/** Something of Stripe's that sends events of chosen types. */
export interface Sender {
  id: string;
  enabledEvents: string[];
  url: string;
}

export interface HandledEventsCheck
  extends Requirement,
    Pick<PathCheck, 'needs' | 'iam' | 'stripe' | 'fixStripe'> {
  /** "Stripe event destination". */
  resource: string;
  sender(world: World): Promise<Sender | undefined>;
  send(bench: Bench, id: string, enabledEvents: string[]): Promise<unknown>;
}

/** The check that every handled type is sent; its fix adds those that are missing, and takes none away. */
export function handledEvents({ resource, sender, send, ...check }: HandledEventsCheck): PathCheck {
  return {
    ...check,
    async inspect(world) {
      const found = await sender(world);
      if (!found) return fail(`there is no ${resource}`);
      const missing = missingTypes(found.enabledEvents);
      if (missing.length === 0) return pass(`all ${HANDLED_EVENT_TYPES.length} types are sent`);
      return fail(`${missing.join(', ')} ${missing.length === 1 ? 'is' : 'are'} not sent`, {
        expected: HANDLED_EVENT_TYPES.join(', '),
        actual: found.enabledEvents.join(', '),
        evidence: [{ label: resource, value: found.id, url: found.url }],
        remedy: {
          text: 'Add the missing types; those that a person added stay.',
          commands: ['cachao setup'],
          fixable: true,
        },
      });
    },
    async fix(world) {
      const found = await sender(world);
      const missing = missingTypes(found?.enabledEvents ?? []);
      if (!found || missing.length === 0) return [];
      return [
        {
          check: check.id,
          action: 'update',
          resource,
          name: found.id,
          details: missing.map((type) => `enabled_events: + ${type}`),
          apply: (bench) => send(bench, found.id, [...found.enabledEvents, ...missing]),
        },
      ];
    },
  };
}

/** The handled types that this list leaves out. */
export function missingTypes(enabled: readonly string[]): string[] {
  return enabled.includes('*') ? [] : HANDLED_EVENT_TYPES.filter((type) => !enabled.includes(type));
}
