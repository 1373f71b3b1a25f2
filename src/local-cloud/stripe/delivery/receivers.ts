import { subscribesTo } from '../catalog/event-filters.js';
import type { Side } from '../side.js';

/** Whatever an event is sent to, seen alike: a v1 endpoint, or a v2 destination of either type. */
export interface Receiver {
  id: string;
  livemode: boolean;
  enabled: boolean;
  enabledEvents: string[];
  payload: 'snapshot' | 'thin';
  /** Null: the account's default. */
  apiVersion: string | null;
  to: { kind: 'webhook'; url: string; sealedSecret: string } | { kind: 'eventbridge'; arn: string };
}

export function receiver(side: Side, id: string): Receiver | undefined {
  const endpoint = side.tables.webhookEndpoints.get(id);
  if (endpoint) {
    const { livemode, enabledEvents, apiVersion, url, sealedSecret, disabled } = endpoint;
    const to = { kind: 'webhook' as const, url, sealedSecret };
    return { id, livemode, enabled: !disabled, enabledEvents, payload: 'snapshot', apiVersion, to };
  }
  const destination = side.tables.destinations.get(id);
  if (!destination) return undefined;
  const { livemode, enabledEvents, apiVersion, payload, disabledBecause, webhook, eventBridge } = destination;
  const to = webhook
    ? { kind: 'webhook' as const, ...webhook }
    : { kind: 'eventbridge' as const, arn: eventBridge?.arn ?? '' };
  return { id, livemode, enabled: disabledBecause === null, enabledEvents, payload, apiVersion, to };
}

/** Who is to get an event of this type now. */
export function subscribers(side: Side, livemode: boolean, type: string): Receiver[] {
  const ids = [...side.tables.webhookEndpoints.keys(), ...side.tables.destinations.keys()];
  return ids
    .map((id) => receiver(side, id) as Receiver)
    .filter((r) => r.enabled && r.livemode === livemode)
    .filter((r) => subscribesTo(r.enabledEvents, r.payload === 'thin' ? thinType(type) : type));
}

/** Thin notifications about v1 objects bear the snapshot's type under `v1.`. */
export function thinType(type: string): string {
  return type.startsWith('v2.') ? type : `v1.${type}`;
}
