import { resolve } from 'node:path';
import { InterruptedError } from '../../core/errors.js';
import { EXIT } from '../../core/exit-code.js';
import { replayArchive } from '../../replay/archive.js';
import { drain, switchOffLeftOn } from '../../replay/drain.js';
import { EVERYTHING, type Filter } from '../../replay/filter.js';
import { groupEntries } from '../../replay/groups.js';
import { Journal } from '../../replay/journal.js';
import { type Engine, listMessages, planMessages, showMessage } from '../../replay/look.js';
import { Quarantine } from '../../replay/quarantine.js';
import type { QueueSample } from '../../replay/queue-sample.js';
import { type ReplayResult, replay } from '../../replay/replay.js';
import type { ReplayTargets } from '../../replay/targets.js';
import type { ProgressDisplay, Step } from '../../terminal/progress.js';
import type { Bench } from '../../world/bench.js';
import type { CommandResult } from '../shared/result.js';
import { journalPath, looksAtMost } from './flags.js';
import { ReplayProgress } from './progress.js';
import { type Looked, messages, renderList, renderMessage, renderPlan } from './render-list.js';
import { renderArchive, renderDrain, renderNothingToDo, renderReplay } from './render-report.js';

/** What every way of looking at the queues, and of emptying them, starts from. */
export interface Replaying {
  bench: Bench;
  targets: ReplayTargets;
  filter: Filter;
  max: number | undefined;
  engine: Engine;
  display: ProgressDisplay;
}

export async function listed(replaying: Replaying): Promise<CommandResult> {
  const { bench, targets, display } = replaying;
  const options = surveyOptions(replaying);
  const survey = await display.step('Reading the queues', () => listMessages(bench, targets, options));
  const looked = lookedOf(replaying, survey);
  return {
    outcome: survey.found.length > 0 ? 'problem' : 'ok',
    more: {
      ...aboutOf(replaying, survey),
      groups: groupEntries(survey.found, looked.now),
      messages: survey.found,
    },
    text: (canvas) => renderList(survey.found, looked, canvas),
  };
}

export async function planned(replaying: Replaying): Promise<CommandResult> {
  const { bench, targets, display } = replaying;
  const options = surveyOptions(replaying);
  const survey = await display.step('Reading the queues', () =>
    planMessages(bench, targets, options, replaying.engine),
  );
  return {
    outcome: 'planned',
    more: { ...aboutOf(replaying, survey), messages: survey.found },
    text: (canvas) => renderPlan(survey.found, lookedOf(replaying, survey), canvas),
  };
}

export async function shown({ bench, targets, display }: Replaying, id: string): Promise<CommandResult> {
  const message = await display.step('Looking for the message', () => showMessage(bench, targets, id));
  return {
    outcome: 'ok',
    more: { stage: bench.world.settings.stage, message },
    text: (canvas) => renderMessage(message, targets.now(), canvas),
  };
}

/** What SQS counts is not exact, so where it counts none, it is asked for one. */
export async function nothingWaits({ bench, targets }: Replaying): Promise<boolean> {
  if (targets.queues.some(({ waiting, inFlight }) => waiting + inFlight > 0)) return false;
  const { looked } = await listMessages(bench, targets, { filter: EVERYTHING, looks: 1, first: true });
  return looked === 0;
}

export async function nothingToDo(replaying: Replaying): Promise<CommandResult> {
  const { stage } = replaying.bench.world.settings;
  await switchOffDrain(replaying);
  return {
    outcome: 'unchanged',
    more: { stage, replay: null },
    text: (canvas) => renderNothingToDo(stage, canvas),
  };
}

export interface RunFlags {
  concurrency: number;
  rate?: number | undefined;
  quarantine?: string | undefined;
  journal?: string | undefined;
}

export async function replayed(replaying: Replaying, flags: RunFlags, live: boolean): Promise<CommandResult> {
  const { bench, targets, filter, max, display } = replaying;
  const { stage } = bench.world.settings;
  await switchOffDrain(replaying);
  const quarantine = flags.quarantine === undefined ? null : await Quarantine.open(resolve(flags.quarantine));
  const journal = await Journal.open(journalPath(flags.journal, stage));
  try {
    journal.write({ run: 'begins', stage, queues: targets.queues.map(({ name }) => name) });
    const result = await display.step('Replaying', async (step) => {
      const progress = new ReplayProgress(step, live, expected(targets, max));
      return replay(bench, targets, {
        filter,
        max: max ?? null,
        concurrency: flags.concurrency,
        rate: flags.rate ?? null,
        quarantine,
        journal,
        progress: (counts) => progress.update(counts),
        note: (text) => step.note(text),
      });
    });
    journal.write({ run: 'ends', counts: result.counts, remaining: result.remaining });
    return {
      ...outcomeOf(result, bench.signal),
      more: { stage, replay: reportOf(result, journal.path, quarantine?.directory ?? null) },
      text: (canvas) =>
        renderReplay(
          result,
          { stage, journal: journal.path, quarantine: quarantine?.directory ?? null },
          canvas,
        ),
    };
  } finally {
    journal.close();
  }
}

/** A drain that was killed goes on taking messages: it is switched off before anything else takes them. */
async function switchOffDrain({ bench, display }: Replaying): Promise<void> {
  for (const { queueName } of await switchOffLeftOn(bench))
    display.say(
      `The drain of ${queueName} was still switched on, from a run that was cut short: switched off.`,
    );
}

/** Empties the queues inside AWS. */
export async function drained(replaying: Replaying, live: boolean): Promise<CommandResult> {
  const { bench, targets, display } = replaying;
  const { stage } = bench.world.settings;
  const result = await display.step('Draining inside AWS', (step) =>
    drain(bench, targets, { progress: (left) => showLeft(step, left, live) }),
  );
  const { queues, ...told } = result;
  return {
    ...endOf(result.ended === 'interrupted', result.remaining > 0, result.before > 0),
    more: { stage, drain: { ...told, queues: named(queues) } },
    text: (canvas) => renderDrain(result, { stage }, canvas),
  };
}

/** Has EventBridge send what the archive holds of a window once more. */
export async function archived({ bench, display, filter }: Replaying, live: boolean): Promise<CommandResult> {
  const { stage } = bench.world.settings;
  const window = { since: filter.since ?? 0, until: filter.until ?? Date.now() };
  const result = await display.step('Replaying from the archive', (step) =>
    replayArchive(bench, { ...window, progress: (share) => showShare(step, share, live) }),
  );
  const completed = result.state === 'COMPLETED';
  return {
    ...endOf(bench.signal.aborted, !completed, completed),
    more: { stage, archive: result },
    text: (canvas) => renderArchive(result, { stage }, canvas),
  };
}

function showLeft(step: Step, left: number, live: boolean): void {
  const text = `${messages(left)} left`;
  if (live) step.title(`Draining inside AWS: ${text}`);
  else step.note(text);
}

function showShare(step: Step, share: number, live: boolean): void {
  const text = `${Math.round(Math.min(1, Math.max(0, share)) * 100)} % of the window`;
  if (live) step.title(`Replaying from the archive: ${text}`);
  else step.note(text);
}

function endOf(
  interrupted: boolean,
  problem: boolean,
  changed: boolean,
): Pick<CommandResult, 'outcome' | 'error'> {
  if (interrupted) return { outcome: 'interrupted', error: new InterruptedError() };
  if (problem) return { outcome: 'problem' };
  return { outcome: changed ? 'changed' : 'unchanged' };
}

function named(queues: ReplayResult['queues']) {
  return queues.map(({ queue, remaining }) => ({ name: queue.name, purpose: queue.purpose, remaining }));
}

function outcomeOf(
  result: ReplayResult,
  signal: AbortSignal,
): Pick<CommandResult, 'outcome' | 'error' | 'exitCode'> {
  if (signal.aborted)
    return {
      outcome: 'interrupted',
      error: new InterruptedError('Interrupted; every message is in its place.'),
    };
  if (result.error)
    return { outcome: result.error.exitCode === EXIT.unknown ? 'unknown' : 'error', error: result.error };
  if (result.remaining > 0 || result.cause) return { outcome: 'problem' };
  const { processed, repeated, quarantined } = result.counts;
  return { outcome: processed + repeated + quarantined > 0 ? 'changed' : 'unchanged' };
}

function reportOf(
  { error: _error, queues, ...result }: ReplayResult,
  journal: string,
  quarantine: string | null,
) {
  return {
    ...result,
    queues: named(queues),
    journal,
    quarantine,
  };
}

function expected({ queues }: ReplayTargets, max: number | undefined): number {
  const waiting = queues.reduce((sum, queue) => sum + queue.waiting + queue.inFlight, 0);
  return Math.min(waiting, max ?? Number.POSITIVE_INFINITY);
}

function surveyOptions({ filter, max }: Replaying) {
  return { filter, max, looks: looksAtMost(max) };
}

function aboutOf({ bench, targets }: Replaying, { looked, more, elsewhere }: QueueSample<unknown>) {
  return {
    stage: bench.world.settings.stage,
    queues: targets.queues.map(({ name, purpose, url }) => ({ name, purpose, url })),
    looked,
    more,
    elsewhere,
  };
}

function lookedOf(
  { bench, targets, max }: Replaying,
  { looked, more, elsewhere }: QueueSample<unknown>,
): Looked {
  const { stage, stack } = bench.world.settings;
  return {
    stage,
    stack: stack.name,
    max: max ?? null,
    now: targets.now(),
    queues: targets.queues,
    looked,
    more,
    elsewhere,
  };
}
