import type { Stack } from '../aws/cloudformation.js';
import type { Change } from '../core/check.js';
import { waitUntilIdle } from '../stack/follow.js';
import { deleteStack } from '../stack/recover.js';
import type { StackRun } from '../stack/services.js';
import { isTaggedOurs } from '../world/ownership.js';
import type { World } from '../world/world.js';
import { nothing, type Removal } from './removal.js';

const RESOURCE = 'CloudFormation stack';

/** The stack with everything in it but what it retains. */
export const stack: Removal = {
  undoes: ['stack.healthy', 'stack.current'],
  async find(world) {
    const { name } = world.settings.stack;
    const found = await world.cloudformation.stack(name);
    if (!found) return nothing;
    if (!(await isOurStack(world, found)))
      return {
        remove: [],
        keep: [{ resource: RESOURCE, name, reason: 'foreign', why: 'it is not of this stage' }],
      };
    return { remove: [deletion(found, world)], keep: [] };
  },
  async remove(bench, changes, progress) {
    const run: StackRun = {
      progress,
      onEvent: ({ status, logicalId, reason }) => {
        if (!status.endsWith('_IN_PROGRESS'))
          progress.note(`${status} ${logicalId}${reason ? `: ${reason}` : ''}`);
      },
      recoverStack: async () => true,
      signal: bench.signal,
    };
    for (const { name } of changes) {
      const found = await waitUntilIdle(bench.stack, name, run);
      // A deletion that an interrupted run had begun is over by now.
      if (!found) continue;
      if (found.terminationProtection) await bench.cloudformation.setTerminationProtection(name, false);
      await deleteStack(bench.stack, found, run);
    }
    bench.world.forget();
  },
};

/** A stack that only waits for its first change set has no tags yet: it is known by whose change sets wait on it. */
async function isOurStack(world: World, { name, status, tags }: Stack): Promise<boolean> {
  const { settings } = world;
  if (!settings.stack.managed) return false;
  if (isTaggedOurs(tags, settings)) return true;
  if (status !== 'REVIEW_IN_PROGRESS') return false;
  const waiting = await world.cloudformation.changeSetNames(name);
  return waiting.every((changeSet) => changeSet.startsWith('cachao-'));
}

function deletion({ id, name, status, terminationProtection }: Stack, world: World): Change {
  return {
    check: 'stack.healthy',
    action: 'delete',
    resource: RESOURCE,
    name,
    details: [
      `in ${status}: functions, rule, alarms, topic, API, roles and log groups go with it`,
      ...(terminationProtection ? ['IS PROTECTED FROM DELETION: the protection is switched off first'] : []),
    ],
    url: world.links.stack(id),
  };
}
