import type { RequirementTable } from './types.js';

/** What must hold for the area `function`. */
export const FUNCTION = {
  'function.async': {
    severity: 'warn',
    item: 3,
    title: 'The handler has an explicit asynchronous retry configuration',
    why: 'After EventBridge has handed over an event, Lambda does the retries: by default twice within six hours. How long a payment may wait should be a decision.',
  },
  'function.concurrency': {
    severity: 'warn',
    item: 4,
    title: 'The handlers have reserved concurrency, or none by choice',
    why: 'Without a reservation any other function of the account can use up what the handler needs, and payments wait. A reservation of 0 is an emergency brake: nothing runs at all.',
  },
  'function.current': {
    severity: 'warn',
    title: 'The functions run the code of the stack, or of this version',
    why: 'Code that was pasted into the console is in no repository; the next deployment may or may not overwrite it.',
  },
  'function.dlq': {
    severity: 'fail',
    item: 2,
    title: "The handler's failed events go to a queue that it may write to",
    why: 'After its last retry Lambda drops the event. A queue keeps it for a replay, if the function may write to it; if not, it is dropped all the same and only a metric tells.',
  },
  'function.environment': {
    severity: 'fail',
    title: 'Each function has the environment that the stack defines',
    why: 'Each function finds database, signing secret, stage, mode and currency by its own environment. One that was changed by hand fails every payment, or marks orders in another database, while the other functions and every probe of them are healthy.',
  },
  'function.errors': {
    severity: 'fail',
    item: 5,
    title: 'The handlers had no recent errors, throttles or dropped events',
    why: 'An error that a retry repaired is still a warning; a dropped event is a lost payment without a notice.',
  },
  'function.role': {
    severity: 'warn',
    item: 9,
    title: 'The roles allow what the functions need, without wildcards',
    why: 'Whoever finds a hole in the handler has whatever its role allows.',
  },
  'function.runtime': {
    severity: 'fail',
    title: 'The runtime of the functions still receives updates',
    why: 'A deprecated runtime gets no security fixes, and after some months AWS refuses to update its functions: then no bug can be fixed any more.',
  },
  'function.secrets': {
    severity: 'fail',
    item: 12,
    title: 'No function has a secret in its environment',
    why: 'Everyone who may read the configuration of a function can read its environment, and it is in every copy of the template: with the signing secret anybody can mark orders paid.',
  },
  'function.state': {
    severity: 'fail',
    title: 'The functions exist, are active, and their last update succeeded',
    why: 'A function that is gone or failed to update processes no event, or processes it with outdated code.',
  },
  'function.tags': {
    severity: 'warn',
    item: 8,
    title: 'The functions are tagged: Environment, Service, Component, ManagedBy',
    why: 'Tags say who owns a function and what it costs; a function without them may be deleted in a clean-up.',
  },
  'function.tracing': {
    severity: 'warn',
    item: 10,
    title: 'X-Ray tracing is on, and the roles may send traces',
    why: 'A trace shows where a slow payment spent its time. Switched on without the right to send, it shows nothing and says so nowhere.',
  },
} as const satisfies RequirementTable;
