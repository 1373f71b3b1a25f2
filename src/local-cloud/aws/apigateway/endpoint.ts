import type { Call, Operation, Route } from '../../kernel/service.js';

/** One operation with its place in the REST API: API Gateway authorises by HTTP method and path, not by name. */
export interface Endpoint {
  route: Route;
  operation: Operation;
}

export function endpoint<Input>(
  method: string,
  path: string,
  operation: string,
  handle: (input: Input, call: Call) => unknown,
  more: Partial<Route> = {},
): Endpoint {
  return {
    route: { method, path, operation, ...more },
    operation: {
      action: `apigateway:${method}`,
      resource: (input: Record<string, unknown>, call) =>
        `arn:aws:apigateway:${call.region}::${path.replace(/\{(\w+)\}/g, (_whole, name: string) => String(input[name] ?? '*'))}`,
      handle: (input: Input, call) => handle(input, call),
    },
  };
}

export interface PageInput {
  limit?: string | number;
  position?: string;
}

/** One page of `{item: […]}`. The position is where the next page starts. */
export function paged<T>(all: T[], { limit, position }: PageInput, show: (item: T) => object): object {
  const size = Math.min(Math.max(1, Number(limit ?? 25)), 500);
  const from = Number(position === undefined ? 0 : Buffer.from(position, 'base64').toString('utf8'));
  const next = from + size;
  return {
    item: all.slice(from, next).map(show),
    ...(next < all.length && { position: Buffer.from(String(next)).toString('base64') }),
  };
}
