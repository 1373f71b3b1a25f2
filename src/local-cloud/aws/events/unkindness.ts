import { jsonBody } from '../../admin/body.js';
import { AdminError } from '../../admin/index.js';
import type { LocalCloud } from '../../kernel/cloud.js';
import { json } from '../../kernel/http.js';
import type { EventsTables, Unkindness } from './records.js';

/** `GET` and `PUT /_cachao/events/unkindness`: duplicates and disorder in deliveries, on demand. */
export function serveUnkindness(cloud: LocalCloud, tables: EventsTables): void {
  const current = (): Unkindness =>
    tables.unkindness.get('unkindness') ?? { duplicateRate: 0, reorder: false };
  const show = async () => json(200, current());
  cloud.admin('events/unkindness', {
    GET: show,
    PUT: async (request) => {
      tables.unkindness.set('unkindness', { ...current(), ...read(jsonBody(request)) });
      return show();
    },
  });
}

function read(given: Record<string, unknown>): Partial<Unkindness> {
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
