import { type Call, type Route, route } from '../../http/routes.js';
import { deleteDestination, disableDestination, enableDestination, updateDestination } from './change.js';
import { createDestination } from './create.js';
import { findDestination } from './find.js';
import { listDestinations } from './list.js';
import { creation, listing, nothing, onlyInclude, update } from './parameters.js';
import { pingDestination } from './ping.js';
import { renderDestination } from './render.js';

const PATH = '/v2/core/event_destinations';
const PERMISSION = 'event_destination';

/** A replayed key shows the destination as it is now; one that was deleted meanwhile, as it was answered first. */
function asItIsNow(first: object, call: Call): object {
  const record = call.side.tables.destinations.get((first as { id: string }).id);
  if (!record) return first;
  const shown = (first as { webhook_endpoint?: { url: string | null; signing_secret: string | null } })
    .webhook_endpoint;
  const now = renderDestination(call.side, record, shown?.url == null ? [] : ['webhook_endpoint.url']);
  return shown?.signing_secret == null
    ? now
    : { ...now, webhook_endpoint: { ...now.webhook_endpoint, signing_secret: shown.signing_secret } };
}

export const eventDestinationRoutes: Route[] = [
  route(`POST ${PATH}`, PERMISSION, creation, createDestination, asItIsNow),
  route(`GET ${PATH}`, PERMISSION, listing, listDestinations),
  route(`GET ${PATH}/{id}`, PERMISSION, onlyInclude, ({ include }, call) =>
    renderDestination(call.side, findDestination(call, call.path.id as string), include ?? []),
  ),
  route(`POST ${PATH}/{id}`, PERMISSION, update, updateDestination, asItIsNow),
  route(`POST ${PATH}/{id}/enable`, PERMISSION, onlyInclude, enableDestination, asItIsNow),
  route(`POST ${PATH}/{id}/disable`, PERMISSION, onlyInclude, disableDestination, asItIsNow),
  route(`POST ${PATH}/{id}/ping`, PERMISSION, nothing, pingDestination),
  route(`DELETE ${PATH}/{id}`, PERMISSION, nothing, deleteDestination),
];
