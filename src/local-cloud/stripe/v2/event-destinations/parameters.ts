import { ACCOUNT, REGIONS } from '../../../kernel/cloud.js';
import { apiVersion, enabledEvents } from '../../catalog/event-filters.js';
import { isSnapshotEventType } from '../../catalog/event-types.js';
import { invalidRequest } from '../../http/errors.js';
import { metadata } from '../../http/metadata.js';
import {
  clearable,
  hash,
  integer,
  listOf,
  missing,
  oneOf,
  optional,
  type Shape,
  type Shaped,
  text,
  unsupported,
} from '../../http/shapes.js';
import { webhookUrl } from '../../v1/webhook-endpoints/url.js';

const INCLUDE_URL = 'webhook_endpoint.url';
const INCLUDE_SECRET = 'webhook_endpoint.signing_secret';

/** Everything but the create can include the URL only. */
export const includeUrl = optional(listOf(oneOf(INCLUDE_URL)));
export const onlyInclude = hash({ include: includeUrl });
export const nothing = hash({});
export const listing = hash({
  include: includeUrl,
  limit: optional(integer({ least: 1, most: 100 })),
  page: optional(text()),
});

export const creation = hash({
  name: text({ longest: 255 }),
  type: oneOf('amazon_eventbridge', 'webhook_endpoint', 'azure_event_grid'),
  event_payload: oneOf('snapshot', 'thin'),
  enabled_events: listOf(text(), { least: 1 }),
  amazon_eventbridge: optional(hash({ aws_account_id: text(), aws_region: text() })),
  webhook_endpoint: optional(hash({ url: text() })),
  azure_event_grid: unsupported(),
  description: clearable(text()),
  events_from: optional(
    listOf(oneOf('@self', '@accounts', '@organization_members', '@organization_members/@accounts'), {
      least: 1,
    }),
  ),
  include: optional(listOf(oneOf(INCLUDE_SECRET, INCLUDE_URL))),
  metadata: metadata(),
  snapshot_api_version: optional(apiVersion()),
});
export type Creation = typeof creation extends Shape<infer P> ? P : never;

/** What a create cannot change later is refused here as unknown: type, account, region, payload, version, origin. */
const updateMembers = {
  name: optional(text({ longest: 255 })),
  description: clearable(text()),
  enabled_events: optional(listOf(text(), { least: 1 })),
  include: includeUrl,
  metadata: metadata(),
  webhook_endpoint: optional(hash({ url: text() })),
};
export const update = hash(updateMembers);
export type Update = Shaped<typeof updateMembers>;

/** Throws unless the type's own member is there, alone, and its values can be true. */
export function checkTarget(params: Creation, livemode: boolean): void {
  const { type, amazon_eventbridge: aws, webhook_endpoint: webhook } = params;
  if (type === 'azure_event_grid')
    throw invalidRequest('The local cloud does not support azure_event_grid destinations.', 'type');
  if (type === 'amazon_eventbridge') {
    if (webhook) throw notFor('webhook_endpoint', type);
    if (!aws) throw missing('amazon_eventbridge');
    checkAws(aws.aws_account_id, aws.aws_region);
    return;
  }
  if (aws) throw notFor('amazon_eventbridge', type);
  if (!webhook) throw missing('webhook_endpoint');
  webhookUrl(webhook.url, livemode, 'webhook_endpoint[url]');
}

function checkAws(account: string, region: string): void {
  if (!/^\d{12}$/.test(account))
    throw invalidRequest(
      `Invalid AWS account id '${account}': it has 12 digits, like ${ACCOUNT}.`,
      'amazon_eventbridge[aws_account_id]',
    );
  if (!REGIONS.includes(region))
    throw invalidRequest(
      `Invalid AWS region '${region}'. The local cloud has ${REGIONS.join(', ')}.`,
      'amazon_eventbridge[aws_region]',
    );
}

/** Types that fit the payload: snapshots bear plain names, thin events begin with `v1.` or `v2.`. */
export function checkEvents(types: string[], payload: 'snapshot' | 'thin'): string[] {
  if (payload === 'snapshot') return enabledEvents().read(types, 'enabled_events');
  for (const [index, type] of types.entries())
    if (type !== '*' && !isThinType(type))
      throw invalidRequest(
        `Invalid enabled_events[${index}]: '${type}' is not a thin event type.`,
        `enabled_events[${index}]`,
      );
  return [...new Set(types)];
}

function isThinType(type: string): boolean {
  if (type.startsWith('v1.')) return isSnapshotEventType(type.slice('v1.'.length));
  return /^v2(\.[a-z_]+)+(\[[a-z_.]+\]\.[a-z_]+)?$/.test(type);
}

function notFor(member: string, type: string): Error {
  return invalidRequest(`${member} cannot be given for a destination of type ${type}.`, member);
}
