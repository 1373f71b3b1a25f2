import { busesOfStage } from './buses-of-stage.js';
import type { Removal } from './removal.js';

const RESOURCE = 'event archive';

/** Archives that the stack leaves behind on its bus. */
export const archives: Removal = {
  undoes: [],
  async find(world, { deleteData }) {
    const ours = (await busesOfStage(world)).flatMap(({ archives: found }) => found);
    const events = (count: number) => `${count} event${count === 1 ? '' : 's'}`;
    return {
      remove: !deleteData
        ? []
        : ours.map(({ name, eventCount }) => ({
            check: 'eventbridge.archive',
            action: 'delete',
            resource: RESOURCE,
            name,
            details: [`${events(eventCount)} WILL BE LOST`],
          })),
      keep: deleteData
        ? []
        : ours.map(({ name, eventCount, retentionDays }) => ({
            resource: RESOURCE,
            name,
            reason: 'data',
            why: `${events(eventCount)}, kept ${retentionDays} days each`,
          })),
    };
  },
  async remove(bench, changes) {
    for (const { name } of changes) await bench.eventbridge.deleteArchive(name);
  },
};
