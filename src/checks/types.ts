import type { Check } from '../core/check.js';
import type { Bench } from '../world/bench.js';
import type { World } from '../world/world.js';

/** A check of the payment path, with its fix. */
export type PathCheck = Check<World, Bench>;
