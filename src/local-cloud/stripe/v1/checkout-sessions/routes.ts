import { listParameters } from '../../http/lists.js';
import { changedMetadata, metadata } from '../../http/metadata.js';
import { type Call, type Route, route } from '../../http/routes.js';
import { hash } from '../../http/shapes.js';
import { createSession } from './create.js';
import { expireSession } from './expire.js';
import { findSession } from './find.js';
import { listLineItems, listSessions, sessionListing } from './list.js';
import { creation } from './parameters.js';

const PATH = '/v1/checkout/sessions';
const PERMISSION = 'checkout_session';
const change = hash({ metadata: metadata() });

function update(params: { metadata: Parameters<typeof changedMetadata>[1] }, call: Call): object {
  const record = findSession(call, call.path.id as string);
  const session = { ...record.session, metadata: changedMetadata(record.session.metadata, params.metadata) };
  call.side.tables.sessions.set(session.id, { ...record, session });
  return session;
}

export const checkoutSessionRoutes: Route[] = [
  route(`POST ${PATH}`, PERMISSION, creation, createSession),
  route(`GET ${PATH}`, PERMISSION, sessionListing, listSessions),
  route(
    `GET ${PATH}/{id}`,
    PERMISSION,
    hash({}),
    (_, call) => findSession(call, call.path.id as string).session,
  ),
  route(`POST ${PATH}/{id}`, PERMISSION, change, update),
  route(`POST ${PATH}/{id}/expire`, PERMISSION, hash({}), expireSession),
  route(`GET ${PATH}/{id}/line_items`, PERMISSION, hash(listParameters), listLineItems),
];
