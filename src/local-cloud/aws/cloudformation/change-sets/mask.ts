import type { Configuration } from '../state/records.js';
import type { State } from '../state/state.js';

/** Hides the values of NoEcho parameters wherever they were put into a property. */
export function masked(state: State, configuration: Configuration): (text: string) => string {
  const { parameters } = state.template(configuration);
  const values = state.parameterTexts(configuration);
  const secrets = Object.entries(parameters)
    .filter(([, { noEcho }]) => noEcho)
    .map(([key]) => values[key] ?? '')
    .filter((value) => value !== '')
    .flatMap((value) => [value, JSON.stringify(value).slice(1, -1)]);
  return (text) => secrets.reduce((hidden, secret) => hidden.replaceAll(secret, '****'), text);
}
