import { AWS_ERRORS } from './aws.js';
import { CONFIGURATION_ERRORS } from './configuration.js';
import { DATABASE_ERRORS } from './database.js';
import { HANDLERS_ERRORS } from './handlers.js';
import { LOCAL_ERRORS } from './local.js';
import { REPLAY_ERRORS } from './replay.js';
import { ROTATION_ERRORS } from './rotation.js';
import { STACK_ERRORS } from './stack.js';
import { STRIPE_ERRORS } from './stripe.js';
import { TEMPLATE_ERRORS } from './template.js';
import { TRACE_ERRORS } from './trace.js';
import type { ErrorTable } from './types.js';
import { USAGE_ERRORS } from './usage.js';

/** Every stable error code. A `CachaoError` can be made only with one of them. */
const ENTRIES = {
  ...USAGE_ERRORS,
  ...CONFIGURATION_ERRORS,
  ...AWS_ERRORS,
  ...STRIPE_ERRORS,
  ...STACK_ERRORS,
  ...DATABASE_ERRORS,
  ...HANDLERS_ERRORS,
  ...REPLAY_ERRORS,
  ...ROTATION_ERRORS,
  ...TRACE_ERRORS,
  ...LOCAL_ERRORS,
  ...TEMPLATE_ERRORS,
} as const satisfies ErrorTable;

export type ErrorCode = keyof typeof ENTRIES;

/** The entry of every code, by code. */
export const ERROR_ENTRIES: Readonly<ErrorTable> = ENTRIES;

export const isErrorCode = (code: string): code is ErrorCode => Object.hasOwn(ENTRIES, code);
