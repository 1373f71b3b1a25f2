import type { Side } from '../side.js';
import { invalidRequest } from './errors.js';
import type { Call } from './routes.js';
import { isMap, listOf, text } from './shapes.js';

const DEEPEST = 4;

/** Takes `expand` out of the parameters: every v1 route accepts it. */
export function expansionsOf(given: Record<string, unknown>): {
  expansions: string[];
  params: Record<string, unknown>;
} {
  const { expand: asked, ...params } = given;
  return {
    expansions: asked === undefined ? [] : listOf(text(), { most: 20 }).read(asked, 'expand'),
    params,
  };
}

/** The answer with ids replaced by their objects along each path: `data.payment_intent`, `line_items`. */
export function expanded(answer: object, expansions: string[], call: Call): object {
  if (expansions.length === 0) return answer;
  const copy = structuredClone(answer) as Record<string, unknown>;
  for (const path of expansions) {
    const steps = path.split('.');
    if (steps.length > DEEPEST)
      throw invalidRequest(
        `You cannot expand more than ${DEEPEST} levels of a property (${path}).`,
        'expand',
      );
    expandAt(copy, steps, path, call.side);
  }
  return copy;
}

function expandAt(node: unknown, steps: string[], path: string, side: Side): void {
  if (Array.isArray(node)) {
    for (const item of node) expandAt(item, steps, path, side);
    return;
  }
  if (!isMap(node)) return;
  const [step, ...rest] = steps as [string, ...string[]];
  const value = Object.hasOwn(node, step) ? node[step] : includable(node, step, side);
  if (value === undefined) throw invalidRequest(`This property cannot be expanded (${path}).`, 'expand');
  if (typeof value === 'string') {
    const object = objectById(value, side);
    if (!object) throw invalidRequest(`This property cannot be expanded (${path}).`, 'expand');
    node[step] = structuredClone(object);
  } else node[step] = value;
  if (rest.length > 0) expandAt(node[step], rest, path, side);
}

/** Members that exist only when asked for. */
function includable(node: Record<string, unknown>, step: string, side: Side): unknown {
  if (node.object !== 'checkout.session' || step !== 'line_items') return undefined;
  const lines = side.tables.sessions.get(node.id as string)?.lineItems ?? [];
  const url = `/v1/checkout/sessions/${node.id as string}/line_items`;
  return structuredClone({ object: 'list', data: lines, has_more: false, url });
}

function objectById(id: string, side: Side): object | undefined {
  const { tables } = side;
  switch (id.slice(0, id.indexOf('_'))) {
    case 'pi':
      return tables.paymentIntents.get(id)?.intent;
    case 'pm':
      return tables.paymentMethods.get(id)?.method;
    case 'ch':
      return tables.charges.get(id);
    case 'price':
      return tables.prices.get(id);
    case 'prod':
      return tables.products.get(id);
    default:
      return undefined;
  }
}
