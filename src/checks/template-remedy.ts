import type { Remedy } from '../core/finding.js';
import type { World } from '../world/world.js';

/** What to do about something that our template states; in a stack of somebody else's, what its template should say. */
export function templateRemedy(world: World, ours: string, theirs: string): Remedy {
  return world.settings.stack.managed
    ? { text: ours, commands: ['cachao doctor --fix'], fixable: true }
    : { text: theirs, commands: [], fixable: false };
}
