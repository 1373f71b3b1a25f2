import { duration } from '../../core/duration.js';
import { number } from '../../core/number.js';
import type { ArchiveResult } from '../../replay/archive.js';
import type { DrainResult } from '../../replay/drain.js';
import type { Reason } from '../../replay/outcome-counter.js';
import type { ReplayResult } from '../../replay/replay.js';
import type { MessageOutcome } from '../../replay/types.js';
import type { Canvas } from '../../terminal/canvas.js';
import { messages } from './render-list.js';

const FATES: Record<MessageOutcome, string> = {
  processed: 'delivered, and deleted from the queue',
  repeated: 'with an event that was delivered already: deleted',
  quarantined: 'can never be delivered: moved into the quarantine',
  undeleted: 'delivered, but SQS would not delete them: they come again, and change nothing',
  failed: 'could not be delivered: back in the queue',
  unusable: 'can never be delivered: still in the queue',
  'passed-over': 'not asked for: still in the queue',
  newer: 'came after the run began: still in the queue',
  untried: 'not tried, because the run stopped: back in the queue',
};

export interface ReplayShown {
  stage: string;
  journal: string;
  quarantine: string | null;
}

/** What became of every message, why some stayed, and what to do about them. */
export function renderReplay(result: ReplayResult, shown: ReplayShown, canvas: Canvas): string {
  const blocks = [headline(result, shown, canvas)];
  const lines = (Object.entries(FATES) as [MessageOutcome, string][])
    .filter(([fate]) => result.counts[fate] > 0)
    .map(([fate, text]) => canvas.wrap(text, `${number(result.counts[fate]).padStart(6)}  `, ' '.repeat(8)));
  if (result.elsewhere > 0)
    lines.push(
      canvas.wrap(
        'held by another consumer until the end',
        `${number(result.elsewhere).padStart(6)}  `,
        ' '.repeat(8),
      ),
    );
  if (lines.length > 0) blocks.push(lines.join('\n'));
  const reasons = result.reasons.filter(({ fate }) => fate === 'failed' || fate === 'unusable');
  if (reasons.length > 0) blocks.push(reasons.map((reason) => renderReason(reason, canvas)).join('\n'));
  blocks.push(...nextSteps(result, shown, canvas));
  blocks.push(canvas.ink('dim', `What became of each message: ${shown.journal}`));
  return blocks.join('\n\n');
}

function headline(
  { remaining, counts, cause, startedAt, endedAt }: ReplayResult,
  { stage }: ReplayShown,
  canvas: Canvas,
): string {
  const done = counts.processed + counts.repeated;
  const time = duration(Date.parse(endedAt) - Date.parse(startedAt));
  const good = canvas.ink('green', canvas.symbols.pass);
  const bad = canvas.ink('red', canvas.symbols.fail);
  if (cause)
    return [
      canvas.wrap(
        `Stopped early: ${cause.failures} in a row failed the same way (${canvas.ink('bold', cause.code)}). ${messages(remaining)} of stage ${stage} still wait.`,
        `${bad} `,
        '  ',
      ),
      canvas.wrap(cause.message, '  '),
    ].join('\n');
  if (remaining > 0)
    return canvas.wrap(
      `${messages(remaining)} of stage ${stage} ${remaining === 1 ? 'remains' : 'remain'}; ${messages(done)} done in ${time}.`,
      `${bad} `,
      '  ',
    );
  if (done + counts.quarantined === 0) return renderNothingToDo(stage, canvas);
  return canvas.wrap(
    `The dead-letter queues of stage ${stage} are empty: ${messages(done)} done in ${time}.`,
    `${good} `,
    '  ',
  );
}

function renderReason({ code, message, count, messageIds }: Reason, canvas: Canvas): string {
  const ids = `${messageIds.join(', ')}${count > messageIds.length ? ', …' : ''}`;
  return [
    canvas.wrap(`${canvas.ink('bold', code)}: ${message}`, `${number(count).padStart(6)}  `, ' '.repeat(8)),
    `        ${canvas.ink('dim', ids)}`,
  ].join('\n');
}

function nextSteps(
  { counts, cause, remaining }: ReplayResult,
  { quarantine }: ReplayShown,
  canvas: Canvas,
): string[] {
  if (remaining === 0) return [];
  const steps: string[] = [];
  if (cause)
    steps.push(
      `Find the cause (${canvas.scope.command('cachao doctor')}), put it right, and run this again: nothing was lost.`,
    );
  else if (counts.failed > 0)
    steps.push(
      `Look at one (${canvas.scope.command('cachao replay-dlq --show ID')}), fix the cause, and run this again.`,
    );
  if (counts.unusable > 0 && quarantine === null)
    steps.push(
      `What can never be delivered leaves the queue with --quarantine DIR, one file each, for inspection.`,
    );
  const done = counts.processed + counts.repeated + counts.quarantined + counts.undeleted;
  if (counts['passed-over'] > 0 && done + counts.failed + counts.unusable === 0)
    steps.push(
      `No message is what was asked for. See what waits: ${canvas.scope.command('cachao replay-dlq --list')}`,
    );
  else if (!cause && counts.failed + counts.unusable === 0)
    steps.push(`Run it again for the rest: ${canvas.scope.command('cachao replay-dlq')}`);
  return [steps.map((step) => canvas.wrap(step, `${canvas.symbols.arrow} `, '  ')).join('\n')];
}

export function renderNothingToDo(stage: string, canvas: Canvas): string {
  const good = canvas.ink('green', canvas.symbols.pass);
  return canvas.wrap(`The dead-letter queues of stage ${stage} are empty: nothing to do.`, `${good} `, '  ');
}

type Shown = Pick<ReplayShown, 'stage'>;

/** How a drain inside AWS ended. */
export function renderDrain(result: DrainResult, { stage }: Shown, canvas: Canvas): string {
  const { before, remaining, ended, quarantined, quarantineUrl } = result;
  const sign =
    remaining === 0 ? canvas.ink('green', canvas.symbols.pass) : canvas.ink('red', canvas.symbols.fail);
  const head =
    remaining === 0
      ? `The dead-letter queues of stage ${stage} are empty: about ${messages(before)} drained inside AWS.`
      : `${messages(remaining)} of stage ${stage} remain${ended === 'stuck' ? ': their number fell no further' : ''}.`;
  return [
    canvas.wrap(head, `${sign} `, '  '),
    canvas.ink('dim', 'The drain is switched off again.'),
    ...(quarantined > 0
      ? [
          canvas.wrap(
            `${messages(quarantined)} that can never be delivered here stand in the quarantine queue: ${quarantineUrl}`,
          ),
        ]
      : []),
    ...(remaining > 0
      ? [
          canvas.wrap(
            `See why they stay: ${canvas.scope.command('cachao replay-dlq --list')}`,
            `${canvas.symbols.arrow} `,
            '  ',
          ),
          canvas.wrap(
            `What is no envelope of this stage's own, or was sent before the queues were last changed, only Stripe can confirm: ${canvas.scope.command('cachao replay-dlq')}`,
            `${canvas.symbols.arrow} `,
            '  ',
          ),
        ]
      : []),
  ].join('\n\n');
}

/** How a replay from the archive ended. */
export function renderArchive(result: ArchiveResult, { stage }: Shown, canvas: Canvas): string {
  const completed = result.state === 'COMPLETED';
  const sign = completed ? canvas.ink('green', canvas.symbols.pass) : canvas.ink('red', canvas.symbols.fail);
  const window = `from ${result.since} to ${result.until}`;
  const head = completed
    ? `EventBridge has sent everything that the archive of stage ${stage} holds ${window} once more.`
    : `The replay ${result.name} ended as ${result.state}${result.reason ? `: ${result.reason}` : ''}; it came as far as ${result.lastReplayedAt ?? 'nothing'}.`;
  return [
    canvas.wrap(head, `${sign} `, '  '),
    canvas.wrap('What the handler had applied before stays as it is. See that nothing is missing:'),
    `  ${canvas.command('cachao reconcile')}`,
    ...(result.recent
      ? [
          canvas.ink(
            'dim',
            canvas.wrap('AWS archives with a delay: events of the last ten minutes may be missing.'),
          ),
        ]
      : []),
  ].join('\n\n');
}
