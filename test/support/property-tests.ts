import fc from 'fast-check';

/**
 * Property tests with the seed in one place. `npm test` always has the same one, so that it finds the same today and
 * tomorrow, here and there. `npm run fuzz` sets CACHAO_FUZZ to another one, and looks at more inputs.
 */
const FIXED_SEED = 20_261_128;
const TIMES_AS_MANY = 20;

const given = process.env.CACHAO_FUZZ;
/** Whether `npm run fuzz` looks for what nobody has seen yet. */
export const isExploring = given !== undefined;
export const seed = given === undefined ? FIXED_SEED : Number(given);
if (!Number.isInteger(seed))
  throw new Error(`CACHAO_FUZZ is "${given}": it has to be a whole number, the seed`);
fc.configureGlobal({ seed, numRuns: inputs(100) });

/** How many inputs a property is tried with: so many in `npm test`, and many times as many in `npm run fuzz`. */
export function inputs(count: number): number {
  return isExploring ? count * TIMES_AS_MANY : count;
}

export { fc };
