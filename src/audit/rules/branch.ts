import type { Assumptions } from '../model/conditions.js';
import type { Possibility } from '../model/values.js';

/** " when IsProd is false": which branch of the template is meant, where there are several. */
export function branch(possibility: Possibility, all: readonly Possibility[]): string {
  return all.length < 2 ? '' : conditionsOf(possibility.when);
}

export function conditionsOf(when: Assumptions): string {
  const parts = [...when].map(([name, value]) => `${name} is ${value}`);
  return parts.length === 0 ? '' : ` when ${parts.join(' and ')}`;
}
