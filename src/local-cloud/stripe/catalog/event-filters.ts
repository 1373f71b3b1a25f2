import { API_VERSIONS } from '../constants.js';
import { invalidRequest } from '../http/errors.js';
import { listOf, type Shape, text } from '../http/shapes.js';
import { isSnapshotEventType } from './event-types.js';

/** `enabled_events` for snapshots: known types, or `*` alone. */
export function enabledEvents(): Shape<string[]> {
  return {
    read(value, path) {
      const types = listOf(text(), { least: 1 }).read(value, path);
      for (const [index, type] of types.entries())
        if (type !== '*' && !isSnapshotEventType(type))
          throw invalidRequest(
            `Invalid ${path}[${index}]: '${type}' is not an event type. See https://stripe.com/docs/api/events/types.`,
            `${path}[${index}]`,
          );
      if (types.includes('*') && types.length > 1)
        throw invalidRequest(`When ${path} contains '*', it must be the only element.`, path);
      return [...new Set(types)];
    },
  };
}

export function apiVersion(): Shape<string> {
  return {
    read(value, path) {
      const version = text().read(value, path);
      if (!API_VERSIONS.includes(version))
        throw invalidRequest(`Invalid Stripe API version: ${version}`, path);
      return version;
    },
  };
}

export function subscribesTo(enabled: string[], type: string): boolean {
  return enabled.includes('*') || enabled.includes(type);
}

/** A `type` filter of lists: `checkout.session.*` stands for every type with that beginning. */
export function matchesType(filter: string, type: string): boolean {
  return filter.endsWith('*') ? type.startsWith(filter.slice(0, -1)) : filter === type;
}
