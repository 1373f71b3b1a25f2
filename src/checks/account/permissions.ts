import { fail, pass, unknown } from '../../core/finding.js';
import { requirement } from '../../requirements/requirement.js';
import { PATH_ACTIONS } from '../../world/payment-path.js';
import type { World } from '../../world/world.js';
import type { PathCheck } from '../types.js';
import { touchedBy } from './touched.js';

/** Whether the operator may do what the other checks need, as they declare it. */
export function permissionsCheck(others: () => readonly PathCheck[]): PathCheck {
  return {
    ...requirement('account.permissions'),
    needs: ['account.aws-region'],
    iam: ['sts:GetCallerIdentity', 'iam:SimulatePrincipalPolicy', ...PATH_ACTIONS],
    async inspect(world) {
      const { arn } = await world.sts.callerIdentity();
      // The root user has no policies that could be asked; it may do everything.
      if (/:root$/.test(arn)) return pass('the root user has every permission; use a dedicated role instead');
      const wanted = wantedActions(world, others());
      const { missing, unsure, later } = await simulate(world, arn, [...wanted.keys()]);
      if (missing.length > 0)
        return fail(
          `${arn.split('/').at(-1)} is not authorized to perform ${missing.length} of ${wanted.size} actions: ${missing.join(', ')}`,
          {
            expected: 'every action that this command needs',
            actual: `without ${missing.join(', ')}`,
            evidence: missing.map((action) => ({
              label: action,
              value: `for ${(wanted.get(action) ?? []).join(', ')}`,
            })),
            remedy: {
              text: 'Give the principal the policy that this prints.',
              commands: [
                world.choices.repairs ? 'cachao policy --for "doctor --fix"' : 'cachao policy --for doctor',
              ],
              fixable: false,
            },
          },
        );
      if (unsure.length > 0)
        return unknown(
          `whether ${unsure.join(', ')} ${unsure.length === 1 ? 'is' : 'are'} allowed depends on conditions that cannot be evaluated here`,
        );
      const open = later.length > 0 ? `; ${later.length} are about what is not there yet` : '';
      return pass(`${wanted.size - later.length} actions are allowed${open}`);
    },
  };
}

/** Each action, and the checks that need it. Who only looks needs nothing for repairs. */
function wantedActions(world: World, checks: readonly PathCheck[]): Map<string, string[]> {
  const wanted = new Map<string, string[]>();
  for (const { id, iam, fixIam, deep, operational } of checks) {
    // Repairing is about how it is set up; a check of how it has been going says itself what it may not look at.
    if (deep || (operational && world.choices.repairs)) continue;
    for (const action of [...iam, ...(world.choices.repairs ? (fixIam ?? []) : [])])
      wanted.set(action, [...new Set([...(wanted.get(action) ?? []), id])]);
  }
  return wanted;
}

interface Simulated {
  missing: string[];
  /** A policy asks about something that the simulation cannot know. */
  unsure: string[];
  /** What they would touch is not there yet. */
  later: string[];
}

/** One question for all actions that touch the same things. */
async function simulate(world: World, arn: string, actions: readonly string[]): Promise<Simulated> {
  const touched = await touchedBy(world);
  const groups = new Map<string, { actions: string[]; resources: string[] }>();
  const later: string[] = [];
  for (const action of actions) {
    const resources = touched(action);
    if (!resources) {
      later.push(action);
      continue;
    }
    const key = resources.join();
    const group = groups.get(key) ?? { actions: [], resources };
    group.actions.push(action);
    groups.set(key, group);
  }
  const decisions = (
    await Promise.all(
      [...groups.values()].map((group) => world.iam.simulate(arn, group.actions, group.resources)),
    )
  ).flat();
  const denied = decisions.filter(({ decision }) => decision !== 'allowed');
  const named = (list: typeof denied) => [...new Set(list.map(({ action }) => action))].sort();
  return {
    missing: named(denied.filter(({ missingContext }) => missingContext.length === 0)),
    unsure: named(denied.filter(({ missingContext }) => missingContext.length > 0)),
    later,
  };
}
