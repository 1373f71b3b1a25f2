import { skipped, type Verdict } from '../core/finding.js';
import type { World } from '../world/world.js';

/** What a check says that needs a function of ours, beside a stack of somebody else's; undefined where it is ours. */
export function notOurs(world: World): Verdict | undefined {
  const { name, managed } = world.settings.stack;
  return managed
    ? undefined
    : skipped(`the stack ${name} is not cachao's, so cachao has no function in it that could look`);
}
