import { busesOfStage } from './buses-of-stage.js';
import type { Kept, Removal } from './removal.js';

const RESOURCE = 'event bus';

/** Partner event buses with this stage's tags, where nobody else's things stand on them. */
export const buses: Removal = {
  undoes: ['eventbridge.bus'],
  async find(world, { deleteData }) {
    const ours = (await busesOfStage(world)).filter((one) => one.ours);
    const removable = ours.filter(
      ({ foreign, archives }) => foreign.length === 0 && (deleteData || archives.length === 0),
    );
    return {
      remove: removable.map(({ bus }) => ({
        check: 'eventbridge.bus',
        action: 'delete',
        resource: RESOURCE,
        name: bus.name,
        details: ['dissociates the partner event source'],
        url: world.links.eventBus(bus.name),
      })),
      keep: ours
        .filter((one) => !removable.includes(one))
        .map(({ bus, foreign, archives }): Kept => {
          const kept = { resource: RESOURCE, name: bus.name };
          return foreign.length > 0
            ? { ...kept, reason: 'shared', why: `not of this stage, and on it: ${foreign.join(', ')}` }
            : { ...kept, reason: 'data', why: `the archive ${archives[0]?.name} is on it` };
        }),
    };
  },
  async remove(bench, changes) {
    for (const { name } of changes) await bench.eventbridge.deleteEventBus(name);
  },
};
