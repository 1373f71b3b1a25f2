import type { Area, Severity } from './finding.js';

/** What must hold on the way of a payment, in words: doctor looks for it in the world, audit in a template. */
export interface Requirement {
  /** Stable: people mute it, scripts read it. `<area>.<what>`; `audit.<what>` where only a template can show it. */
  id: string;
  area: Area;
  /** The healthy state, as a sentence. */
  title: string;
  severity: Severity;
  /** Number in the checklist that the project grew from. */
  item?: number;
  /** How payments are lost when it does not hold. */
  why: string;
}
