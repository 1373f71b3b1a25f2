import type { RequirementTable } from './types.js';

/** What must hold for the area `stack`. */
export const STACK = {
  'stack.current': {
    severity: 'warn',
    title: 'The deployed stack matches this version and these settings',
    why: 'A correction that is not deployed has no effect.',
  },
  'stack.drift': {
    severity: 'warn',
    title: 'The stack has no drift',
    why: 'A manual change is reverted by some later deployment; until then the template does not describe what runs.',
  },
  'stack.healthy': {
    severity: 'fail',
    title: 'The stack is deployed, and its last deployment succeeded',
    why: 'A stack that failed half-way may have the rule without its handler, or the handler without its queues.',
  },
  'stack.protected': {
    severity: 'warn',
    title: "A live stage's stack has termination protection",
    why: 'One click in the console deletes a stack without it, and with the stack everything that takes payments in.',
  },
} as const satisfies RequirementTable;
