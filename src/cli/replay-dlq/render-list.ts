import { duration } from '../../core/duration.js';
import { number } from '../../core/number.js';
import { type Repair, repairFor } from '../../replay/causes.js';
import { groupEntries, type MessageGroup } from '../../replay/groups.js';
import type { MessageDetails, PlannedMessage } from '../../replay/look.js';
import type { MessageEntry } from '../../replay/types.js';
import type { Canvas } from '../../terminal/canvas.js';

/** What stood in the queues when they were looked at. */
export interface Looked {
  stage: string;
  stack: string;
  /** `--max`. */
  max: number | null;
  now: number;
  queues: { name: string; purpose: MessageEntry['purpose']; url: string; redrives: boolean }[];
  looked: number;
  more: boolean;
  elsewhere: number;
}

const PURPOSE: Record<MessageEntry['purpose'], string> = {
  delivery: 'EventBridge could not deliver',
  function: 'The function failed',
};

/** What waits, by reason, type and age, the most urgent first. */
export function renderList(entries: readonly MessageEntry[], looked: Looked, canvas: Canvas): string {
  const groups = groupEntries(entries, looked.now);
  const blocks = [headline(entries.length, looked, canvas)];
  for (const queue of looked.queues) {
    const within = groups.filter((group) => group.queue === queue.name);
    if (within.length > 0) blocks.push(renderQueue(queue, within, looked.now, canvas));
  }
  blocks.push(...notes(looked, canvas));
  if (entries.length > 0) blocks.push(nextSteps(entries, canvas));
  return blocks.join('\n\n');
}

function headline(count: number, looked: Looked, canvas: Canvas): string {
  const { stage, stack, more } = looked;
  const where = `the dead-letter queues of stage ${stage} (stack ${stack})`;
  if (count === 0)
    return canvas.wrap(noneIn(where, looked), `${canvas.ink('green', canvas.symbols.pass)} `, '  ');
  const many = `${more ? 'At least ' : ''}${messages(count)}`;
  return canvas.wrap(
    `${many} ${count === 1 ? 'waits' : 'wait'} in ${where}.`,
    `${canvas.ink('red', canvas.symbols.fail)} `,
    '  ',
  );
}

function noneIn(where: string, { looked, more, elsewhere }: Looked): string {
  if (looked === 1 && !more) return `The only message in ${where} is not what was asked for.`;
  if (looked > 0)
    return `None of the ${number(looked)}${more ? ' first' : ''} messages in ${where} is what was asked for.`;
  return elsewhere > 0
    ? `No message in ${where} could be read.`
    : `${where.replace(/^the/, 'The')} are empty.`;
}

function renderQueue(
  queue: Looked['queues'][number],
  groups: MessageGroup[],
  now: number,
  canvas: Canvas,
): string {
  const total = groups.reduce((sum, { count }) => sum + count, 0);
  return [
    canvas.wrap(`${canvas.ink('bold', PURPOSE[queue.purpose])}: ${messages(total)} in ${queue.name}`),
    `  ${canvas.ink('dim', queue.url)}`,
    ...groups.map((group) => renderGroup(group, now, canvas)),
  ].join('\n');
}

function renderGroup(group: MessageGroup, now: number, canvas: Canvas): string {
  const count = number(group.count).padStart(6);
  const age =
    group.oldestSentAt === null ? 'age unknown' : `oldest ${duration(now - Date.parse(group.oldestSentAt))}`;
  const line = `${canvas.ink('bold', group.reason)}, ${group.eventType ?? 'no event'}, ${age}, ${lostIn(group.lostAt, now)}`;
  return [
    canvas.wrap(line, `${count}  `, ' '.repeat(8)),
    ...(group.reasonText ? [canvas.ink('dim', canvas.wrap(group.reasonText, ' '.repeat(8)))] : []),
  ].join('\n');
}

function lostIn(lostAt: string | null, now: number): string {
  if (lostAt === null) return 'time until loss unknown';
  const left = Date.parse(lostAt) - now;
  return left <= 0 ? 'lost any moment' : `lost in ${duration(left)}`;
}

function notes({ queues, more, looked, elsewhere, max }: Looked, canvas: Canvas): string[] {
  const redriving = queues.filter(({ redrives }) => redrives);
  return [
    ...(more ? [moreOf(looked, max)] : []),
    ...(elsewhere > 0
      ? [
          `About ${messages(elsewhere)} ${elsewhere === 1 ? 'was' : 'were'} held by another consumer and could not be read.`,
        ]
      : []),
    ...redriving.map(
      ({ name }) =>
        `${name} has a redrive policy: messages that are received too often move on to yet another queue.`,
    ),
    ...(looked > 0
      ? ['Looking changed nothing but the receive counts: every message is back in its queue.']
      : []),
  ].map((note) => canvas.ink('dim', canvas.wrap(note)));
}

function moreOf(looked: number, max: number | null): string {
  return max === null
    ? `Only ${number(looked)} messages were read: use --max to read more.`
    : `There may be more than the ${number(max)} that --max allows.`;
}

function nextSteps(entries: readonly MessageEntry[], canvas: Canvas): string {
  const repair = repairFor(entries.map(({ reason }) => reason));
  const steps: [string, string][] = [
    ...(repair ? [[repair.command, purposeOf(repair)] as [string, string]] : []),
    ['cachao replay-dlq --show ID', 'one message, by its id or its event'],
    ['cachao replay-dlq --dry-run', 'what a run would do with each'],
    ['cachao replay-dlq', 'deliver them'],
  ];
  return `Next:\n${canvas.commands(steps)}`;
}

function purposeOf({ isFixable, reasons }: Repair): string {
  return `first, if not done yet: ${isFixable ? 'repair' : 'see'} what is wrong with the stage (${reasons.join(', ')})`;
}

/** What a run would do, by what becomes of the messages. */
export function renderPlan(planned: readonly PlannedMessage[], looked: Looked, canvas: Canvas): string {
  const deliver = planned.filter(({ would }) => would === 'deliver');
  const verified = deliver.filter((message) => message.verified).length;
  const handlers = [...new Set(deliver.map(({ handler }) => handler))].join(', ');
  const rest = new Map<string, PlannedMessage[]>();
  for (const message of planned.filter(({ would }) => would !== 'deliver'))
    rest.set(message.code ?? '', [...(rest.get(message.code ?? '') ?? []), message]);
  const lines = [
    ...(deliver.length > 0
      ? [
          canvas.wrap(
            `would be delivered to ${handlers}${verified > 0 ? ` (${number(verified)} as Stripe has ${verified === 1 ? 'it' : 'them'})` : ''}`,
            `${number(deliver.length).padStart(6)}  `,
            ' '.repeat(8),
          ),
        ]
      : []),
    ...[...rest.values()].map((group) => renderRest(group, canvas)),
  ];
  return [
    headline(planned.length, looked, canvas),
    ...(lines.length > 0 ? [lines.join('\n')] : []),
    'This was a dry run: nothing was delivered, nothing was deleted.',
    ...notes(looked, canvas),
  ].join('\n\n');
}

const WOULD: Record<PlannedMessage['would'], string> = {
  deliver: 'would be delivered',
  refuse: 'would stay: can never be delivered',
  fail: 'would fail',
  quarantine: 'would be moved into the quarantine queue',
  leave: 'would stay: Stripe is asked only from here',
};

function renderRest(group: readonly PlannedMessage[], canvas: Canvas): string {
  const [first] = group;
  const what = WOULD[first?.would ?? 'fail'];
  return [
    canvas.wrap(
      `${what} (${canvas.ink('bold', first?.code ?? '')})`,
      `${number(group.length).padStart(6)}  `,
      ' '.repeat(8),
    ),
    canvas.ink('dim', canvas.wrap(first?.why ?? '', ' '.repeat(8))),
  ].join('\n');
}

/** One message in full, as far as it may be shown. */
export function renderMessage(message: MessageDetails, now: number, canvas: Canvas): string {
  const amount =
    message.amountTotal === null
      ? null
      : `${message.amountTotal} (minor units of ${message.currency ?? '?'})`;
  const sent =
    message.sentAt === null ? null : `${message.sentAt} (${duration(now - Date.parse(message.sentAt))} ago)`;
  const facts: [string, string | number | null][] = [
    ['queue', message.queue],
    ['', message.queueUrl],
    ['since', sent],
    ['lost', message.lostAt === null ? null : `${message.lostAt} (${lostIn(message.lostAt, now)})`],
    ['received', `${message.receiveCount} times, this look included`],
    ['size', `${number(message.bytes)} bytes`],
    ['reason', message.reason],
    ['', message.reasonText],
    ['attempts', message.attempts],
    ['function', message.functionArn],
    ['rule', message.ruleArn],
    ['request', message.requestId],
    ['event', message.eventId],
    ['type', message.eventType],
    ['created', message.createdAt],
    ['mode', message.livemode === null ? null : message.livemode ? 'live' : 'test'],
    ['order', message.orderId],
    ['object', message.objectId],
    ['payment', message.paymentIntent],
    ['status', message.paymentStatus],
    ['amount', amount],
    ['a run', wouldDo(message)],
  ];
  const shown = facts.filter(([, value]) => value !== null);
  const width = Math.max(...shown.map(([name]) => name.length));
  return [
    canvas.ink('bold', `Message ${message.messageId}`),
    ...shown.map(([name, value]) =>
      canvas.wrap(String(value), `  ${canvas.ink('dim', canvas.pad(name, width))}  `, ' '.repeat(width + 4)),
    ),
    '',
    canvas.ink('dim', 'Its body is not shown: it carries customers’ data. Looking raised its receive count.'),
  ].join('\n');
}

function wouldDo({ would, handler, code, why }: MessageDetails): string {
  if (would === 'deliver') return `would deliver it to ${handler}`;
  return `${would === 'refuse' ? 'would not deliver it' : 'would fail'} (${code}): ${why}`;
}

export function messages(count: number): string {
  return `${number(count)} message${count === 1 ? '' : 's'}`;
}
