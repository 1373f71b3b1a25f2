import type { AdminHandlers, LocalCloud } from '../kernel/cloud.js';
import type { Fault } from '../kernel/faults.js';
import { json } from '../kernel/http.js';
import { isKillable } from '../kernel/processes.js';
import { parsed } from './body.js';
import { AdminError } from './index.js';

const KINDS: readonly Fault['kind'][] = [
  'latency',
  'throttle',
  'error',
  'error-after',
  'reset',
  'reset-after',
  'hang',
  'hang-after',
  'deny',
  'kill',
  'kill-after',
];

const NUMBERS: Record<string, (value: number) => boolean> = {
  after: (value) => Number.isInteger(value) && value >= 0,
  times: (value) => Number.isInteger(value) && value >= 0,
  rate: (value) => value >= 0 && value <= 1,
  seed: (value) => Number.isInteger(value),
  milliseconds: (value) => value >= 0,
  pid: (value) => Number.isInteger(value) && value > 1,
  status: (value) => Number.isInteger(value) && value >= 400 && value <= 599,
};

/** `GET /_cachao/faults`: those in force, with how often each was seen and fired. `PUT`: a list that replaces them. */
export function faultsRoute(cloud: LocalCloud): AdminHandlers {
  const show = async () => json(200, cloud.faults.list());
  return {
    GET: show,
    PUT: async (request) => {
      const given = parsed(request);
      if (!Array.isArray(given)) throw new AdminError('Give a list of faults; an empty list for none.');
      cloud.faults.set(given.map(readFault));
      return show();
    },
  };
}

function readFault(given: unknown, index: number): Fault {
  const wrong = (what: string) => new AdminError(`Fault ${index + 1}: ${what}`);
  if (typeof given !== 'object' || given === null) throw wrong('it is not an object.');
  const { service, operation, kind, code, ...numbers } = given as Record<string, unknown>;
  if (typeof service !== 'string') throw wrong('service must be a credential-scope name, stripe, or *.');
  if (typeof operation !== 'string') throw wrong('operation must be a name, *, reads or writes.');
  if (!KINDS.includes(kind as Fault['kind']))
    throw wrong(`kind is one of ${KINDS.join(', ')}, not ${String(kind)}.`);
  if (code !== undefined && typeof code !== 'string') throw wrong('code must be a string.');
  for (const [name, value] of Object.entries(numbers)) {
    const valid = Object.hasOwn(NUMBERS, name) ? NUMBERS[name] : undefined;
    if (!valid) throw wrong(`it has no property ${name}.`);
    if (typeof value !== 'number' || !valid(value))
      throw wrong(`${name} cannot be ${JSON.stringify(value)}.`);
  }
  const { pid } = numbers as { pid?: number };
  if (pid !== undefined && !isKillable(pid))
    throw wrong(`process ${pid} neither uses this cloud nor belongs to it: it is not killed.`);
  return given as Fault;
}
