import type { CheckoutResult } from '../../checkout/types.js';
import type { Canvas } from '../../terminal/canvas.js';
import { renderTrace } from '../../terminal/hop-table.js';
import { describeUse } from '../../world/database-use.js';

/** The test checkout as text: what was proven, then the event's way, hop by hop. */
export function renderCheckout(result: CheckoutResult, canvas: Canvas): string {
  const sign = result.passed
    ? canvas.ink('green', canvas.symbols.pass)
    : canvas.ink('red', `${canvas.symbols.fail} FAILED:`);
  const title = result.proof === 'payment' ? 'Test checkout' : 'Test checkout (expired, not paid)';
  const hops = result.hops.map((hop) => ({ ...hop, at: hop.at === null ? null : Date.parse(hop.at) }));
  return [
    canvas.wrap(`${title}: ${result.summary}.`, `${sign} `, '  '),
    '',
    renderTrace(hops, canvas),
    '',
    ...databaseLines(result, canvas),
    canvas.ink('dim', orderLine(result)),
  ].join('\n');
}

/** What helps when a path did not deliver. Empty when all did. */
export function nextOf({ passed, eventId }: CheckoutResult): string[] {
  if (passed) return [];
  return [...(eventId ? [`cachao trace ${eventId}`] : []), 'cachao doctor'];
}

/** The commands that say where the event stopped, and why. */
export function renderNext(result: CheckoutResult, canvas: Canvas): string {
  const steps = nextOf(result).map((command): [string, string] =>
    command.startsWith('cachao trace')
      ? [command, 'where the event stopped']
      : [command, 'what is wrong with the path; --fix repairs'],
  );
  return steps.length === 0 ? '' : `Next:\n${canvas.commands(steps)}`;
}

/** One line for all functions that say the same, which is all of them unless the path was not proven. */
function databaseLines({ database }: CheckoutResult, canvas: Canvas): string[] {
  const [first] = database;
  if (!first) return [];
  return [canvas.ink('dim', canvas.wrap(`Database: ${describeUse(first)} (${database.length} functions).`))];
}

function orderLine({ orderId, testOrderRemoved }: CheckoutResult): string {
  if (orderId === null) return 'No order was made: the database of this stack is not known to cachao.';
  return testOrderRemoved
    ? 'The test order was removed again.'
    : `The test order ${orderId} is still there; the next checkout removes it.`;
}
