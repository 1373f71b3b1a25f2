import { fail, pass } from '../../core/finding.js';
import type { Requirement } from '../../core/requirement.js';
import type { Bench } from '../../world/bench.js';
import { TAKEN_TYPES_ACTIONS, takenTypes } from '../../world/taken-types.js';
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
    iam: [...check.iam, ...TAKEN_TYPES_ACTIONS],
    async inspect(world) {
      const found = await sender(world);
      if (!found) return fail(`there is no ${resource}`);
      const wanted = await takenTypes(world);
      const missing = missingTypes(wanted, found.enabledEvents);
      if (missing.length === 0) return pass(`all ${wanted.length} types are sent`);
      return fail(`${missing.join(', ')} ${missing.length === 1 ? 'is' : 'are'} not sent`, {
        expected: wanted.join(', '),
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
      const missing = missingTypes(await takenTypes(world), found?.enabledEvents ?? []);
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

/** The wanted types that this list leaves out. */
export function missingTypes(wanted: readonly string[], enabled: readonly string[]): string[] {
  return enabled.includes('*') ? [] : wanted.filter((type) => !enabled.includes(type));
}
