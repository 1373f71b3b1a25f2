import type { Side } from '../../side.js';

/** How long the v2 list stays behind what `retrieve` shows at once. */
const LAG_MS = 10_000;
export const REINDEX = 'index-destination';

/** Lets the list follow a change of this destination, later. */
export function reindex(side: Side, id: string): void {
  side.agenda.plan(REINDEX, id, LAG_MS);
}

/** The list catches up. */
export function catchUp(side: Side, id: string): void {
  const current = side.tables.destinations.get(id);
  if (current) side.tables.destinationIndex.set(id, current);
  else side.tables.destinationIndex.delete(id);
}
