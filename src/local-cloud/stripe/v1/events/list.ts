import { matchesType } from '../../catalog/event-filters.js';
import { renderEvent } from '../../delivery/payloads.js';
import { invalidRequest } from '../../http/errors.js';
import { listPage, listParameters } from '../../http/lists.js';
import type { Call } from '../../http/routes.js';
import { boolean, hash, listOf, optional, type Shaped, text } from '../../http/shapes.js';
import { timeRange, within } from '../../http/time-ranges.js';
import type { EventRecord } from '../../tables.js';
import { isRetained } from './retention.js';

const parameters = {
  ...listParameters,
  created: timeRange(),
  delivery_success: optional(boolean()),
  type: optional(text()),
  types: optional(listOf(text(), { most: 20 })),
};
export const eventListing = hash(parameters);

/** `GET /v1/events`: the last 30 days, newest first, in the account's default API version. */
export function listEvents(params: Shaped<typeof parameters>, call: Call): object {
  const { type, types } = params;
  if (type !== undefined && types !== undefined)
    throw invalidRequest('You may only specify one of these parameters: type, types.', 'type');
  const retained = call.side.tables.events
    .values()
    .filter((event) => event.livemode === call.livemode && isRetained(call.side, event))
    .reverse();
  const filters = types ?? (type === undefined ? undefined : [type]);
  const matches = (event: EventRecord) =>
    (filters === undefined || filters.some((filter) => matchesType(filter, event.type))) &&
    within(params.created, event.created) &&
    (params.delivery_success === undefined || (event.undelivered.length === 0) === params.delivery_success);
  const page = listPage(retained, params, '/v1/events', 'event', matches);
  return { ...page, data: page.data.map((event) => renderEvent(event)) };
}
