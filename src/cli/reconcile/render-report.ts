import { toMajor } from '../../../handlers/contract/amounts.js';
import type { Applied, Reconciliation } from '../../reconcile/types.js';
import type { Canvas, Ink } from '../../terminal/canvas.js';
import { inFlightOf } from '../../world/comparison/in-flight.js';
import type {
  ComparedEvent,
  ComparedOrder,
  Comparison,
  EventClass,
  OrderClass,
  PathTally,
  Tally,
} from '../../world/comparison/types.js';
import { describeUse } from '../../world/database-use.js';

/** As many of a class as are shown unless all are asked for. */
const SHOWN = 10;

type Weight = 'good' | 'note' | 'bad';

const EVENTS: Record<EventClass, { words: string; weight: Weight }> = {
  processed: { words: 'processed', weight: 'good' },
  repaired: { words: 'processed by replay or reconciliation only', weight: 'note' },
  'one-path': { words: 'processed, on one path only', weight: 'note' },
  missing: { words: 'MISSING from the ledger', weight: 'bad' },
  'order-wrong': { words: 'processed, but the ORDER IS WRONG', weight: 'bad' },
  'not-at-stripe': { words: 'in the ledger, but NOT AT STRIPE: forged', weight: 'bad' },
  'unknown-order': { words: 'for an UNKNOWN ORDER', weight: 'bad' },
  'livemode-mismatch': { words: 'of the OTHER MODE', weight: 'bad' },
  'in-flight': { words: 'in flight: younger than ten minutes', weight: 'note' },
  'before-recording': { words: 'from before recording began', weight: 'note' },
  'test-order': { words: 'of test checkouts, not delivered; their orders are gone', weight: 'note' },
  'other-stage': { words: 'of another stage', weight: 'note' },
  'not-ours': { words: 'of another product on the account', weight: 'note' },
};
const ORDERS: Record<OrderClass, { words: string; weight: Weight }> = {
  'pending-though-paid': { words: 'NOT PAID though Stripe was', weight: 'bad' },
  'paid-without-stripe': { words: 'PAID WITHOUT STRIPE', weight: 'bad' },
  'paid-since': { words: 'NOT PAID though their awaited payment has come', weight: 'bad' },
  'awaiting-long': { words: 'awaiting their payment for more than two weeks', weight: 'note' },
  awaiting: { words: 'awaiting their payment', weight: 'note' },
};
const INK: Record<Weight, Ink> = { good: 'green', note: 'dim', bad: 'red' };

export interface ReconcileReportOptions {
  stage: string;
  /** Shows every sample. */
  verbose: boolean;
  /** The flags that name the same window; empty for the usual one. */
  window: string;
}

/** The comparison as text: counts by class, then what is wrong in full, the paths, the books, what to do. */
export function renderReconciliation(
  result: Reconciliation & { comparison: Comparison },
  canvas: Canvas,
  options: ReconcileReportOptions,
): string {
  const { comparison, applied } = result;
  return [
    ...(applied ? [renderApplied(applied, canvas)] : []),
    heading(comparison, canvas, options.stage),
    ...result.database.slice(0, 1).map((use) => canvas.wrap(`Database: ${describeUse(use)}.`)),
    renderCounts(comparison, canvas),
    ...renderSamples(comparison, canvas, options.verbose),
    renderPaths(comparison.paths, canvas),
    canvas.wrap(books(comparison)),
    ...comparison.unseen.map((what) =>
      canvas.wrap(`Not seen: ${what}`, `${canvas.symbols.unknown}  `, '   '),
    ),
    closing(result, canvas, options),
  ]
    .filter((block) => block !== '')
    .join('\n\n');
}

function heading({ since, until, recordingSince }: Comparison, canvas: Canvas, stage: string): string {
  const recording = recordingSince ? `, which records since ${minutes(recordingSince)}` : '';
  return canvas.wrap(
    `Stage ${stage}: Stripe's events from ${minutes(since)} to ${minutes(until)} beside the ledger${recording}.`,
  );
}

function renderCounts({ events, orders, currency }: Comparison, canvas: Canvas): string {
  const lines: { weight: Weight; tally: Tally<unknown>; words: string }[] = [
    ...(Object.keys(EVENTS) as EventClass[]).map((name) => ({ ...EVENTS[name], tally: events[name] })),
    ...(Object.keys(ORDERS) as OrderClass[]).map((name) => ({
      weight: ORDERS[name].weight,
      words: `orders ${ORDERS[name].words}`,
      tally: orders[name],
    })),
  ].filter(({ tally }) => tally.count > 0);
  if (lines.length === 0) return 'No handled event in this time.';
  const width = Math.max(...lines.map(({ tally }) => String(tally.count).length));
  return lines
    .map(({ weight, tally, words }) => {
      const sums = (weight === 'bad' || tally === events['in-flight']) && tally.amountMinor > 0;
      const sum = sums ? ` (${toMajor(tally.amountMinor, currency)} ${currency.toUpperCase()})` : '';
      const sign = canvas.ink(INK[weight], canvas.pad(signOf(weight, canvas), 2));
      return canvas.wrap(
        words + sum,
        `${sign} ${String(tally.count).padStart(width)}  `,
        ' '.repeat(width + 5),
      );
    })
    .join('\n');
}

function signOf(weight: Weight, { symbols }: Canvas): string {
  return weight === 'good' ? symbols.pass : weight === 'bad' ? symbols.fail : symbols.skipped;
}

function renderSamples(
  { events, orders: all, currency }: Comparison,
  canvas: Canvas,
  verbose: boolean,
): string[] {
  const orders = withoutTold(all, [events.missing, events['order-wrong']]);
  const isShown = ({ weight }: { weight: Weight }) => weight === 'bad' || (verbose && weight === 'note');
  const shownEvents = (Object.keys(EVENTS) as EventClass[]).filter((name) => isShown(EVENTS[name]));
  const shownOrders = (Object.keys(ORDERS) as OrderClass[]).filter((name) => isShown(ORDERS[name]));
  return [
    ...shownEvents.map((name) =>
      samples(EVENTS[name].words, events[name], (event) => eventLine(event, currency), canvas, verbose),
    ),
    ...shownOrders.map((name) =>
      samples(
        `Orders ${ORDERS[name].words}`,
        orders[name],
        (order) => orderLine(order, currency),
        canvas,
        verbose,
      ),
    ),
  ].filter((block) => block !== '');
}

/** An order that an event above tells of need not be told twice. */
function withoutTold(
  orders: Comparison['orders'],
  told: readonly Tally<ComparedEvent>[],
): Comparison['orders'] {
  const sessions = new Set(told.flatMap(({ samples: shown }) => shown.map(({ sessionId }) => sessionId)));
  const pending = orders['pending-though-paid'];
  const rest = pending.samples.filter(({ sessionId }) => !sessions.has(sessionId));
  const count = pending.count - (pending.samples.length - rest.length);
  return { ...orders, 'pending-though-paid': { ...pending, count, samples: rest } };
}

function samples<T>(
  title: string,
  tally: Tally<T>,
  line: (item: T) => string,
  canvas: Canvas,
  verbose: boolean,
): string {
  if (tally.count === 0 || tally.samples.length === 0) return '';
  const shown = verbose ? tally.samples : tally.samples.slice(0, SHOWN);
  const more = tally.count - shown.length;
  return [
    canvas.ink('bold', `${title.charAt(0).toUpperCase()}${title.slice(1)}`),
    ...shown.map((item) => canvas.wrap(line(item), `  ${canvas.symbols.bullet} `, '    ')),
    ...(more > 0
      ? [canvas.ink('dim', `    and ${more} more${verbose ? '' : '; --verbose shows more'}`)]
      : []),
  ].join('\n');
}

function eventLine(event: ComparedEvent, currency: string): string {
  return [
    `${event.eventId} ${event.eventType.replace('checkout.session.', '')}`,
    minutes(event.createdAt),
    event.orderId ? `order ${event.orderId}` : '',
    event.amountMinor === null ? '' : toMajor(event.amountMinor, currency),
    event.why,
  ]
    .filter(Boolean)
    .join(', ');
}

function orderLine(order: ComparedOrder, currency: string): string {
  return `order ${order.orderId}, ${toMajor(order.amountMinor, currency)}, is ${order.status}: ${order.why}`;
}

function renderPaths(paths: readonly PathTally[], canvas: Canvas): string {
  const width = Math.max(...paths.map(({ via }) => via.length));
  return paths
    .map((path) => {
      const weight = path.state === 'healthy' ? 'good' : isDown(path) ? 'bad' : 'note';
      const sign = canvas.ink(INK[weight], canvas.pad(signOf(weight, canvas), 2));
      return canvas.wrap(pathWords(path), `${sign} ${canvas.pad(path.via, width)}  `, ' '.repeat(width + 5));
    })
    .join('\n');
}

const isDown = ({ state }: PathTally): boolean => state === 'dead' || state === 'broken';

function pathWords(path: PathTally): string {
  const expected = `${path.expected} event${path.expected === 1 ? '' : 's'}`;
  const count = `${path.delivered} of ${expected}`;
  if (path.state === 'idle') return 'no event to judge it by';
  if (path.state === 'healthy') return `delivered ${count}`;
  if (path.state === 'dead') return `DEAD: delivered none of ${expected}`;
  const [first, last] = [minutes(path.firstMissedAt ?? ''), minutes(path.lastMissedAt ?? '')];
  const missed = first === last ? `missed those of ${first}` : `missed those from ${first} to ${last}`;
  return path.state === 'broken'
    ? `BROKEN: delivered ${count}, nothing since ${minutes(path.lastDeliveredAt ?? '')}`
    : `delivered ${count}: ${missed}, and delivers again`;
}

function books(comparison: Comparison): string {
  const { currency } = comparison;
  const { sessions, stripeMinor, orders, ordersMinor } = comparison.books;
  const unit = currency.toUpperCase();
  const flying = inFlightOf(comparison);
  // Money that is in no order yet is in no books: neither "nothing" nor "they agree" is said of it.
  const besides = flying?.amountMinor
    ? ` Not in them: ${toMajor(flying.amountMinor, currency)} ${unit} in flight.`
    : '';
  if (sessions === 0 && orders === 0)
    return besides === ''
      ? `Books: nothing was paid${comparison.events.processed.count > 0 ? ', test checkouts apart' : ''}.`
      : `Books: nothing yet.${besides}`;
  const difference = stripeMinor - ordersMinor;
  return `Books: ${toMajor(stripeMinor, currency)} ${unit} paid at Stripe in ${sessions} session${sessions === 1 ? '' : 's'}, ${toMajor(ordersMinor, currency)} ${unit} in ${orders} paid order${orders === 1 ? '' : 's'}${difference === 0 ? `: they agree${besides === '' ? '' : ' so far'}.` : `; ${toMajor(difference, currency)} ${unit} between them.`}${besides}`;
}

function renderApplied(applied: Applied, canvas: Canvas): string {
  const { delivered, refused, untried, stopped } = applied;
  const outcomes = Object.entries(applied.outcomes).map(([outcome, times]) => `${times} ${outcome}`);
  const parts = [
    `Delivered ${delivered} event${delivered === 1 ? '' : 's'}${outcomes.length > 0 ? ` (${outcomes.join(', ')})` : ''}`,
    refused > 0 ? `${refused} refused` : '',
    untried > 0 ? `${untried} not tried` : '',
  ].filter(Boolean);
  return [
    canvas.wrap(`${parts.join(', ')}. Journal: ${applied.journal}`),
    ...(typeof stopped === 'object' && stopped
      ? [
          canvas.wrap(
            `Stopped early: ${stopped.failures} in a row failed with ${stopped.code}: ${stopped.message}`,
          ),
        ]
      : []),
    ...applied.refusals
      .slice(0, SHOWN)
      .map(({ eventId, orderId, code, message }) =>
        canvas.wrap(
          `${eventId}${orderId ? `, order ${orderId}` : ''}: ${code}: ${message}`,
          `  ${canvas.symbols.bullet} `,
          '    ',
        ),
      ),
  ].join('\n');
}

function closing(
  { comparison, applied, error }: Reconciliation & { comparison: Comparison },
  canvas: Canvas,
  { window }: ReconcileReportOptions,
): string {
  if (error) return '';
  const { events, orders } = comparison;
  const steps: { text: string; command?: string }[] = [];
  if (events.missing.count > 0)
    steps.push(
      applied
        ? { text: refusedStep(applied) }
        : { text: 'Deliver what is missing.', command: `cachao reconcile --apply${window}` },
    );
  if (orders['paid-since'].count > 0 && events.missing.count === 0)
    steps.push(
      applied
        ? { text: refusedStep(applied) }
        : {
            text: 'Deliver the payments that have come since.',
            command: `cachao reconcile --apply${window}`,
          },
    );
  if (orders['awaiting-long'].count > 0)
    steps.push({
      text: 'Look at what has been awaited for long on Stripe: capture what is held, or cancel the order.',
    });
  if (events['unknown-order'].count > 0)
    steps.push({ text: 'Look at what names no order on Stripe: the customer may want a refund.' });
  if (orders['pending-though-paid'].count > 0 && events['before-recording'].count > 0)
    steps.push({
      text: 'Some was paid before recording began; if no other handler took it:',
      command: `cachao reconcile --apply --include-before${window}`,
    });
  if (events['not-at-stripe'].count > 0)
    steps.push({
      text: 'Nobody paid what is not at Stripe: void those orders and their tickets, and find who could send it (queue.policy, and who may invoke the functions).',
      command: 'cachao doctor',
    });
  if (events['order-wrong'].count > 0 || orders['paid-without-stripe'].count > 0)
    steps.push({ text: 'Look at the single payment:', command: `cachao trace ORDER` });
  if (comparison.paths.some(isDown))
    steps.push({ text: 'Find what ails the path.', command: `cachao doctor` });
  const flying = inFlightOf(comparison);
  if (flying)
    steps.push({
      text: `${flying.events} event${flying.events === 1 ? ' is' : 's are'} in flight. Look again after ${minutes(flying.lookAgainAt)}: by then they have come, or are missing. Or deliver them now:`,
      command: `cachao reconcile --apply --include-in-flight${window}`,
    });
  if (steps.length === 0) return 'Nothing is missing.';
  return steps
    .flatMap(({ text, command }) => [
      canvas.wrap(text, `${canvas.symbols.arrow} `, '  '),
      // A command stays on one line, so that it can be copied.
      ...(command ? [`    ${canvas.command(command)}`] : []),
    ])
    .join('\n');
}

function refusedStep({ stopped }: Applied): string {
  return stopped === null
    ? 'What was refused needs a person: each reason is above, and in the journal.'
    : 'Repair the cause, then run the same command again: it goes on from there.';
}

/** To the minute: what a person needs. */
function minutes(time: string): string {
  return `${time.slice(0, 16).replace('T', ' ')}Z`;
}
