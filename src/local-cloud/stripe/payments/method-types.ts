import { invalidRequest } from '../http/errors.js';
import { listOf, oneOf, optional, type Shaped } from '../http/shapes.js';

const types = optional(listOf(oneOf('card', 'sepa_debit'), { least: 1 }));

/** How a request says which methods may pay, before and since endive. */
export const methodTypeParameters = { payment_method_types: types, allowed_payment_method_types: types };

/** First version without `payment_method_types` on sessions and intents, and with the parameter that took its place. */
const RENAMED_IN = '2026-09-30';

/** The given methods; undefined when the request leaves it to Stripe. Each version knows one of the two names. */
export function methodTypes(given: Shaped<typeof methodTypeParameters>, apiVersion: string) {
  const renamed = apiVersion >= RENAMED_IN;
  const gone = renamed ? 'payment_method_types' : 'allowed_payment_method_types';
  if (given[gone]) throw invalidRequest(`Received unknown parameter: ${gone}`, gone, 'parameter_unknown');
  return renamed ? given.allowed_payment_method_types : given.payment_method_types;
}
