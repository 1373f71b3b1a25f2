import type { ApiKey } from '../keys/keys.js';
import type { Side } from '../side.js';
import type { Shape } from './shapes.js';

/** What a handler knows of the request besides its parameters. */
export interface Call {
  readonly side: Side;
  readonly livemode: boolean;
  readonly key: ApiKey;
  readonly requestId: string;
  readonly idempotencyKey: string | null;
  readonly apiVersion: string;
  /** Values of the `{name}` segments of the path. */
  readonly path: Readonly<Record<string, string>>;
  /** Where this listener is reached, without a slash at the end. */
  readonly baseUrl: string;
}

export interface Route {
  /** `POST /v1/webhook_endpoints/{id}`: also the operation's name for faults and the journal. */
  readonly operation: string;
  readonly method: string;
  readonly segments: readonly string[];
  readonly api: 'v1' | 'v2';
  /** Resource part of the `rak_` permission: `webhook`. */
  readonly permission: string;
  run(params: unknown): (call: Call) => object;
  /** v2: what a replayed idempotency key shows instead of the first answer. */
  renew(first: object, call: Call): object;
}

/** Declares one route: its permission, its parameters and what it does. Parameters are read before it runs. */
export function route<P>(
  operation: string,
  permission: string,
  parameters: Shape<P>,
  handle: (params: P, call: Call) => object,
  renew: (first: object, call: Call) => object = (first) => first,
): Route {
  const [method, path] = operation.split(' ') as [string, string];
  return {
    operation,
    method,
    segments: path.split('/').slice(1),
    api: path.startsWith('/v2/') ? 'v2' : 'v1',
    permission,
    run(params) {
      const read = parameters.read(params, '');
      return (call) => handle(read, call);
    },
    renew,
  };
}

/** The route of a request, and the values of its path. A literal segment wins over a `{name}`. */
export function matchRoute(
  routes: readonly Route[],
  method: string,
  path: string,
): { route: Route; path: Record<string, string> } | undefined {
  const given = path.split('/').slice(1);
  let best: { route: Route; path: Record<string, string>; literals: number } | undefined;
  for (const candidate of routes) {
    if (candidate.method !== method || candidate.segments.length !== given.length) continue;
    const values = matchSegments(candidate.segments, given);
    if (!values) continue;
    const literals = candidate.segments.length - Object.keys(values).length;
    if (!best || literals > best.literals) best = { route: candidate, path: values, literals };
  }
  return best;
}

function matchSegments(template: readonly string[], given: string[]): Record<string, string> | undefined {
  const values: Record<string, string> = {};
  for (const [index, segment] of template.entries()) {
    const actual = given[index] as string;
    if (!segment.startsWith('{')) {
      if (segment !== actual) return undefined;
      continue;
    }
    if (actual === '') return undefined;
    try {
      values[segment.slice(1, -1)] = decodeURIComponent(actual);
    } catch {
      return undefined;
    }
  }
  return values;
}
