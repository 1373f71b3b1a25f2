import { apiVersion, enabledEvents } from '../../catalog/event-filters.js';
import { listPage, listParameters } from '../../http/lists.js';
import { changedMetadata, metadata } from '../../http/metadata.js';
import { type Call, type Route, route } from '../../http/routes.js';
import { boolean, clearable, hash, optional, type Shaped, text } from '../../http/shapes.js';
import { newId } from '../../ids.js';
import { nowSeconds } from '../../side.js';
import { findIn, type WebhookEndpointRecord } from '../../tables.js';
import { checkEndpointLimit } from './limit.js';
import { webhookUrl } from './url.js';

const PATH = '/v1/webhook_endpoints';
const PERMISSION = 'webhook';

const creation = {
  url: text(),
  enabled_events: enabledEvents(),
  api_version: clearable(apiVersion()),
  connect: optional(boolean()),
  description: clearable(text()),
  metadata: metadata(),
};

const change = {
  url: optional(text()),
  enabled_events: optional(enabledEvents()),
  description: clearable(text()),
  disabled: optional(boolean()),
  metadata: metadata(),
};

/** The secret stands in the create's answer and in no other. */
function render(endpoint: WebhookEndpointRecord) {
  return {
    id: endpoint.id,
    object: 'webhook_endpoint',
    api_version: endpoint.apiVersion,
    application: null,
    created: endpoint.created,
    description: endpoint.description,
    enabled_events: endpoint.enabledEvents,
    livemode: endpoint.livemode,
    metadata: endpoint.metadata,
    status: endpoint.disabled ? 'disabled' : 'enabled',
    url: endpoint.url,
  };
}

function create(params: Shaped<typeof creation>, call: Call): object {
  const { side, livemode } = call;
  const url = webhookUrl(params.url, livemode, 'url');
  checkEndpointLimit(side, livemode);
  const secret = newId.signingSecret();
  const id = newId.webhookEndpoint();
  const endpoint = side.tables.webhookEndpoints.set(id, {
    id,
    livemode,
    created: nowSeconds(side),
    createdMs: side.cloud.clock.now(),
    url,
    enabledEvents: params.enabled_events,
    apiVersion: params.api_version ?? null,
    description: params.description ?? null,
    metadata: changedMetadata({}, params.metadata),
    disabled: false,
    connect: params.connect ?? false,
    sealedSecret: side.cloud.store.seal(secret),
  });
  side.cloud.tell('stripe', `${endpoint.id} created`);
  return { ...render(endpoint), secret };
}

function update(params: Shaped<typeof change>, call: Call): object {
  const before = find(call);
  const url = params.url === undefined ? before.url : webhookUrl(params.url, call.livemode, 'url');
  const after = call.side.tables.webhookEndpoints.set(before.id, {
    ...before,
    url,
    enabledEvents: params.enabled_events ?? before.enabledEvents,
    description: params.description === undefined ? before.description : params.description,
    disabled: params.disabled ?? before.disabled,
    metadata: changedMetadata(before.metadata, params.metadata),
  });
  return render(after);
}

function find(call: Call): WebhookEndpointRecord {
  const names = { what: 'webhook endpoint', param: 'id' };
  return findIn(
    call.side.tables.webhookEndpoints,
    call.path.id as string,
    call.livemode,
    names,
    (e) => e.livemode,
  );
}

export const webhookEndpointRoutes: Route[] = [
  route(`POST ${PATH}`, PERMISSION, hash(creation), create),
  route(`GET ${PATH}`, PERMISSION, hash(listParameters), (params, call) => {
    const mine = call.side.tables.webhookEndpoints.values().filter((e) => e.livemode === call.livemode);
    const page = listPage(mine.reverse(), params, PATH, 'webhook endpoint', () => true);
    return { ...page, data: page.data.map(render) };
  }),
  route(`GET ${PATH}/{id}`, PERMISSION, hash({}), (_, call) => render(find(call))),
  route(`POST ${PATH}/{id}`, PERMISSION, hash(change), update),
  route(`DELETE ${PATH}/{id}`, PERMISSION, hash({}), (_, call) => {
    const { id } = find(call);
    call.side.tables.webhookEndpoints.delete(id);
    call.side.cloud.tell('stripe', `${id} deleted`);
    return { id, object: 'webhook_endpoint', deleted: true };
  }),
];
