import { AdminError } from '../../admin/index.js';
import type { LocalCloud } from '../../kernel/cloud.js';
import { json } from '../../kernel/http.js';
import type { EventsTables, Unkindness } from './records.js';

/** `GET` and `PUT /_cachao/events/unkindness`: duplicates and disorder in deliveries, on demand. */
export function serveUnkindness(cloud: LocalCloud, tables: EventsTables): void {
  const current = (): Unkindness =>
    tables.unkindness.get('unkindness') ?? { duplicateRate: 0, reorder: false };
  cloud.admin('events/unkindness', async (request) => {
    if (request.method === 'PUT')
      tables.unkindness.set('unkindness', { ...current(), ...read(request.body.toString('utf8')) });
    else if (request.method !== 'GET') throw new AdminError(`Use GET or PUT, not ${request.method}.`, 405);
    return json(200, current());
  });
}

function read(body: string): Partial<Unkindness> {
  let given: Record<string, unknown>;
  try {
    given = JSON.parse(body) as Record<string, unknown>;
  } catch {
    throw new AdminError('The body is not JSON. Send {"duplicateRate": 0 to 1, "reorder": true or false}.');
  }
  for (const name of Object.keys(given))
    if (name !== 'duplicateRate' && name !== 'reorder')
      throw new AdminError(`${name} is unknown. There are duplicateRate and reorder.`);
  const { duplicateRate: rate, reorder } = given;
  if (rate !== undefined && !(typeof rate === 'number' && rate >= 0 && rate <= 1))
    throw new AdminError(`duplicateRate ${JSON.stringify(rate)} is not a number from 0 to 1.`);
  if (reorder !== undefined && typeof reorder !== 'boolean')
    throw new AdminError(`reorder ${JSON.stringify(reorder)} is not true or false.`);
  return given as Partial<Unkindness>;
}
