import type { CheckoutResult } from '../checkout/types.js';
import type { Canvas } from './canvas.js';
import { renderTrace } from './trace.js';

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
    canvas.ink('dim', orderLine(result)),
  ].join('\n');
}

function orderLine({ orderId, testOrderRemoved }: CheckoutResult): string {
  if (orderId === null) return 'No order was made: the database of this stack is not known to cachao.';
  return testOrderRemoved
    ? 'The test order was removed again.'
    : `The test order ${orderId} is still there; the next checkout removes it.`;
}
