import { renderEvent } from '../../delivery/payloads.js';
import { type Route, route } from '../../http/routes.js';
import { hash } from '../../http/shapes.js';
import { findEvent } from './find.js';
import { eventListing, listEvents } from './list.js';
import { eventRetry, retryEvent } from './retry.js';

export const eventRoutes: Route[] = [
  route('GET /v1/events', 'event', eventListing, listEvents),
  route('GET /v1/events/{id}', 'event', hash({}), (_, call) => renderEvent(findEvent(call))),
  route('POST /v1/events/{id}/retry', 'event', eventRetry, retryEvent),
];
