import type { Canvas } from '../../terminal/canvas.js';
import { renderTrace } from '../../terminal/hop-table.js';
import type { Trace } from '../../trace/types.js';

/** One payment's way as text: how it stands, each hop with its time, what helps. */
export function renderTraced(trace: Trace, canvas: Canvas): string {
  const stopped = trace.stoppedAt !== null;
  const sign = stopped
    ? canvas.ink('red', `${canvas.symbols.fail} STOPPED`)
    : canvas.ink('green', canvas.symbols.pass);
  const title = stopped ? `at "${trace.stoppedAt}". ${trace.summary}.` : `${trace.summary}.`;
  const hops = trace.hops.map((hop) => ({ ...hop, at: hop.at === null ? null : Date.parse(hop.at) }));
  const first = trace.hops.find((hop) => hop.at !== null)?.at;
  return [
    canvas.wrap(title, `${sign} `, '  '),
    [
      renderTrace(hops, canvas),
      ...(first ? [canvas.ink('dim', `counted from ${first.slice(0, 19).replace('T', ' ')}Z`)] : []),
    ].join('\n'),
    facts(trace, canvas),
    ...trace.otherEvents.map((event) =>
      canvas.wrap(`Of the same session: ${event.eventId} ${event.eventType}, ${event.createdAt}`),
    ),
    ...trace.unseen.map((what) => canvas.wrap(`Not seen: ${what}`, `${canvas.symbols.unknown}  `, '   ')),
    // A command stays on one line, so that it can be copied.
    trace.next.map((command) => `${canvas.symbols.arrow} ${canvas.ink('cyan', command)}`).join('\n'),
  ]
    .filter((block) => block !== '')
    .join('\n\n');
}

function facts({ orderId, sessionId, paymentIntentId, eventId }: Trace, canvas: Canvas): string {
  const known: [string, string | null][] = [
    ['order', orderId],
    ['session', sessionId],
    ['payment', paymentIntentId],
    ['event', eventId],
  ];
  return known
    .filter(([, id]) => id)
    .map(([name, id]) => canvas.wrap(id ?? '', `${canvas.ink('dim', canvas.pad(name, 7))}  `, ' '.repeat(9)))
    .join('\n');
}
