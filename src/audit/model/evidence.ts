/** Something that speaks for a part of the template being on Stripe's way. */
export interface Evidence {
  /** 1: a hint; 2: likely by itself; 3: certain by itself. */
  weight: number;
  /** What it is: "its route /webhook". */
  words: string;
}

export type Certainty = 'sure' | 'thin';

/** What the evidence adds up to. */
export interface Recognition {
  certainty: Certainty;
  because: string[];
}

const ENOUGH = { sure: 3, thin: 2 } as const;

/** Undefined: too little to go by. */
export function recognise(evidence: readonly Evidence[]): Recognition | undefined {
  const sum = sumOf(evidence);
  if (sum < ENOUGH.thin) return undefined;
  const speaking = evidence.filter((one) => one.weight > 0).sort((a, b) => b.weight - a.weight);
  return {
    certainty: sum >= ENOUGH.sure ? 'sure' : 'thin',
    because: [...new Set(speaking.map((one) => one.words))],
  };
}

export const sumOf = (evidence: readonly Evidence[]): number =>
  evidence.reduce((sum, one) => sum + one.weight, 0);

/** The strongest of several that say the same. */
export function strongest(evidence: readonly Evidence[]): Evidence[] {
  const [first, ...more] = evidence;
  if (!first) return [];
  return [more.reduce((best, one) => (one.weight > best.weight ? one : best), first)];
}
