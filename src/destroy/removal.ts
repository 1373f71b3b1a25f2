import type { Change, Progress } from '../core/check.js';
import type { Bench } from '../world/bench.js';
import type { World } from '../world/world.js';

export interface DestroyOptions {
  /** Also what holds data or messages: queues, archive, ledger. */
  deleteData: boolean;
}

/** Something that stays where it is. */
export interface Kept {
  resource: string;
  name: string;
  /** `data`: it holds data or messages. `shared`: others use it too. `foreign`: it is not of this stage. */
  reason: 'data' | 'shared' | 'foreign';
  why: string;
}

export interface Found {
  remove: Change[];
  keep: Kept[];
}

/** The inverse of fixes: how one kind of thing of this stage is found by what it is, and taken away again. */
export interface Removal {
  /** The checks whose fixes make such things. */
  undoes: readonly string[];
  /** Only looks. */
  find(world: World, options: DestroyOptions): Promise<Found>;
  /** Takes away what was found; what is gone already is fine. */
  remove(bench: Bench, changes: readonly Change[], progress: Progress): Promise<void>;
}

export const nothing: Found = { remove: [], keep: [] };
