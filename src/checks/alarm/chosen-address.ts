import { paymentPath } from '../../world/payment-path.js';
import type { World } from '../../world/world.js';

/** The address in the settings; or the one that our stack was deployed with. */
export async function chosenAddress(world: World): Promise<string | undefined> {
  if (world.settings.email) return world.settings.email;
  const [path, stack] = await Promise.all([
    paymentPath(world),
    world.cloudformation.stack(world.settings.stack.name),
  ]);
  return (path?.managed && stack?.parameters.AlarmEmail) || undefined;
}
