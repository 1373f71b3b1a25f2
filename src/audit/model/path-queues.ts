import type { Span } from '../document/node.js';
import { deliveryDeadLetters, functionDeadLetters } from './dead-letters.js';
import { stripePath } from './stripe-path.js';
import type { Resource, Template } from './template.js';

/** A queue on the Stripe path in which lost events wait. */
export interface PathQueue {
  purpose: 'delivery' | 'function';
  /** Logical id; of a queue in the template, or of one that SAM makes. */
  id: string;
  resource: Resource | undefined;
  /** Where it is named. */
  at: Span;
}

/** Each queue once, however many rules and functions share it. */
export function pathQueues(template: Template): PathQueue[] {
  return template.once('path queues', () => {
    const path = stripePath(template);
    const delivery = path.rules.flatMap((rule) =>
      rule
        .targets()
        .flatMap((target) => deliveryDeadLetters(rule, target).flatMap((letters) => letters ?? [])),
    );
    const functions = path.eventFunctions.flatMap(functionDeadLetters);
    const found = new Map<string, PathQueue>();
    const add = (purpose: PathQueue['purpose']) => (letters: (typeof delivery)[number]) => {
      const id = letters.queue?.id ?? letters.made;
      if (id !== undefined && !found.has(id))
        found.set(id, { purpose, id, resource: letters.queue, at: letters.at });
    };
    delivery.forEach(add('delivery'));
    functions.forEach(add('function'));
    for (const { queue, deadLetters } of path.inboxes)
      if (typeof deadLetters === 'object' && !found.has(deadLetters.id))
        found.set(deadLetters.id, {
          purpose: 'function',
          id: deadLetters.id,
          resource: deadLetters,
          at: queue.entry.at,
        });
    return [...found.values()];
  });
}
