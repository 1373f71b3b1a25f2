/** Reasons that lie in the stage and not in the event, with the command that shows or repairs what is wrong. */
const REPAIRS: Record<string, 'cachao doctor --fix' | 'cachao doctor'> = {
  NO_PERMISSIONS: 'cachao doctor --fix',
  NO_RESOURCE: 'cachao doctor --fix',
  ZeroReservedConcurrency: 'cachao doctor --fix',
  DATABASE_SCHEMA: 'cachao doctor --fix',
  CONFIGURATION: 'cachao doctor --fix',
  DATABASE_UNAVAILABLE: 'cachao doctor',
  THROTTLING: 'cachao doctor',
  Throttled: 'cachao doctor',
  EventAgeExceeded: 'cachao doctor',
  'Sandbox.Timedout': 'cachao doctor',
};

export interface Repair {
  command: string;
  /** Whether the command repairs it, and does not only show it. */
  isFixable: boolean;
  /** The words of the reasons that it is for, each once. */
  reasons: string[];
}

/** What to run before a replay of messages that are there for these reasons; undefined: nothing shows a fault of the stage. */
export function repairFor(reasons: readonly string[]): Repair | undefined {
  const ofStage = [...new Set(reasons)].filter((reason) => Object.hasOwn(REPAIRS, reason));
  if (ofStage.length === 0) return undefined;
  const isFixable = ofStage.some((reason) => REPAIRS[reason] === 'cachao doctor --fix');
  return { command: isFixable ? 'cachao doctor --fix' : 'cachao doctor', isFixable, reasons: ofStage };
}
