import { type Change, KNOWN_AFTER_APPLY, type Progress } from '../../core/check.js';
import { fail, pass } from '../../core/finding.js';
import type { Requirement } from '../../core/requirement.js';
import type { EventDestination } from '../../stripe/event-destinations.js';
import type { Bench } from '../../world/bench.js';
import { DESTINATION_READS, ourDestination } from '../../world/destination.js';
import type { World } from '../../world/world.js';
import type { PathCheck } from '../types.js';

export interface PartnerCheck<T>
  extends Requirement,
    Pick<PathCheck, 'needs' | 'iam' | 'fixIam' | 'timeoutMs'> {
  /** "event bus". */
  thing: string;
  find(world: World, sourceName: string): Promise<T | undefined>;
  healthy(found: T): string;
  missing(world: World, sourceName: string): string;
  link(world: World, sourceName: string): string;
  todo: string;
  change: Pick<Change, 'action' | 'details'>;
  make(bench: Bench, destination: EventDestination, progress: Progress): Promise<unknown>;
}

/** The check that something on AWS bears the very name of the destination's source; its fix makes it. */
export function partnerCheck<T>(parts: PartnerCheck<T>): PathCheck {
  const { thing, find, healthy, missing, link, todo, change, make, ...check } = parts;
  return {
    ...check,
    iam: [...DESTINATION_READS.iam, ...check.iam],
    stripe: DESTINATION_READS.stripe,
    async inspect(world) {
      const destination = await ourDestination(world);
      if (!destination) return fail(`there is no destination, so there is no ${thing}`);
      const { sourceName } = destination;
      const found = await find(world, sourceName);
      if (found)
        return pass(healthy(found), {
          evidence: [{ label: thing, value: sourceName, url: link(world, sourceName) }],
        });
      return fail(missing(world, sourceName), {
        expected: sourceName,
        actual: `no such ${thing}`,
        remedy: { text: todo, commands: ['cachao setup'], fixable: true },
      });
    },
    async fix(world) {
      const destination = await ourDestination(world);
      return [
        {
          check: check.id,
          resource: thing,
          name: destination?.sourceName ?? KNOWN_AFTER_APPLY,
          ...change,
          async apply(bench, progress) {
            if (destination) await make(bench, destination, progress);
          },
        },
      ];
    },
  };
}
