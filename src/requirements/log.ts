import type { RequirementTable } from './types.js';

/** What must hold for the area `log`. */
export const LOG = {
  'log.retention': {
    severity: 'warn',
    item: 13,
    title: "Every function's log group has a retention period",
    why: "Lambda creates a log group at a function's first line and keeps it for ever: the bill grows, and customers' data with it. Where the role may not create it, the lines are lost instead.",
  },
} as const satisfies RequirementTable;
