import { readFile } from 'node:fs/promises';
import { KNOWN_AFTER_APPLY } from '../core/check.js';
import { readArtifacts } from '../stack/artifacts.js';
import type { StackInputs } from '../stack/parameters.js';
import { reservableConcurrency } from './concurrency.js';
import { ourDestination } from './destination.js';
import { awsTags } from './ownership.js';
import type { World } from './world.js';

/** What this checkout and these settings would deploy; the bus is known after apply while there is no destination. */
export async function stackInputs(world: World): Promise<StackInputs> {
  const [identity, templateBody, artifacts, destination, concurrency, stack] = await Promise.all([
    world.sts.callerIdentity(),
    world.once('template', () => readFile(world.templateFile, 'utf8')),
    world.once('artifacts', () => readArtifacts(world.handlersDirectory)),
    ourDestination(world),
    reservableConcurrency(world),
    world.cloudformation.stack(world.settings.stack.name),
  ]);
  return {
    account: identity.account,
    templateBody,
    artifacts,
    eventBusName: destination?.sourceName ?? KNOWN_AFTER_APPLY,
    reservedConcurrency: concurrency.perFunction,
    tags: awsTags(world.settings),
    // AWS refused it once: asking again at every run would fail every run.
    archive: stack?.parameters.ArchiveEnabled !== 'false',
    ...(world.settings.permissionsBoundary
      ? { permissionsBoundary: world.settings.permissionsBoundary }
      : {}),
  };
}
