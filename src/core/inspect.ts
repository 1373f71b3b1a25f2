import type { Check } from './check.js';
import { AccessDeniedError, CachaoError } from './errors.js';
import { type Evidence, type Finding, type Outcome, skipped, unknown, type Verdict } from './finding.js';

const DEADLINE_MS = 30_000;
const SLOW_MS = 5_000;

export interface InspectionEvents {
  started?(check: { id: string; title: string }): void;
  slow?(check: { id: string; title: string }, afterMs: number): void;
  finished?(finding: Finding): void;
  /** Calls that have no answer yet, to be named when a check runs out of time. */
  waitingFor?(): readonly string[];
}

/**
 * Inspects checks: all start at once, each waits only for those it needs, each is guarded, timed and has a
 * deadline. The findings come back in the checks' order. What is not known when the signal comes stays unknown.
 */
export async function inspectAll<W>(
  checks: readonly Check<W, never>[],
  world: W,
  events: InspectionEvents = {},
  signal?: AbortSignal,
): Promise<Finding[]> {
  const running = new Map<string, Promise<Finding>>();
  const interrupted = signal && aborted(signal);
  const start = (check: Check<W, never>): Promise<Finding> => {
    const known = running.get(check.id);
    if (known) return known;
    const needed = check.needs
      .map((id) => checks.find((other) => other.id === id))
      .filter((c) => c !== undefined);
    // The promise is stored before anything runs, so that a check needed by many is inspected once.
    const finding = Promise.resolve().then(async () => {
      const blockers = (await Promise.all(needed.map(start))).filter((f) => blocks(f));
      const inspected = blockers[0]
        ? skippedBecauseOf(check, blockers[0])
        : await inspectOne(check, world, events, interrupted);
      events.finished?.(inspected);
      return inspected;
    });
    running.set(check.id, finding);
    return finding;
  };
  return Promise.all(checks.map(start));
}

/** Inspects one check, whatever the state of those it needs. Never throws. */
export async function inspectOne<W>(
  check: Check<W, never>,
  world: W,
  events: InspectionEvents = {},
  interrupted?: Promise<void>,
): Promise<Finding> {
  events.started?.(check);
  const began = performance.now();
  const slow = setTimeout(() => events.slow?.(check, SLOW_MS), SLOW_MS);
  const verdict = await guarded(check, world, events, interrupted);
  clearTimeout(slow);
  return settled(check, verdict, Math.round(performance.now() - began));
}

/** A prerequisite that only warns still holds well enough to look further. */
export function blocks(finding: Finding): boolean {
  return finding.outcome === 'fail' || finding.outcome === 'skipped' || finding.outcome === 'unknown';
}

const BECAUSE_OF: Partial<Record<Outcome, string>> = { fail: 'failed', unknown: 'could not be checked' };

/** The finding of a check that was not looked at, because one it needs does not hold. Names what is at the root of it. */
export function skippedBecauseOf<W>(check: Check<W, never>, blocker: Finding): Finding {
  const because = BECAUSE_OF[blocker.outcome];
  if (because) return settled(check, skipped(`${blocker.id} ${because}`), 0);
  const root = /^[a-z]+\.[a-z0-9-]+ (failed|could not be checked|was skipped)$/.test(blocker.summary);
  return settled(check, skipped(root ? blocker.summary : `${blocker.id} was skipped`), 0);
}

async function guarded<W>(
  check: Check<W, never>,
  world: W,
  events: InspectionEvents,
  interrupted: Promise<void> | undefined,
): Promise<Verdict> {
  const deadline = check.timeoutMs ?? DEADLINE_MS;
  const abort = new AbortController();
  let giveUp: (why: string) => void = () => {};
  const given = new Promise<Verdict>((resolve) => {
    giveUp = (why) => {
      abort.abort();
      resolve(unknown(why));
    };
  });
  const timer = setTimeout(() => giveUp(late(deadline, events.waitingFor?.() ?? [])), deadline);
  interrupted?.then(() => giveUp('interrupted before it was known'));
  try {
    return await Promise.race([given, check.inspect(world, abort.signal)]);
  } catch (error) {
    return verdictOf(error);
  } finally {
    clearTimeout(timer);
  }
}

function late(deadlineMs: number, waitingFor: readonly string[]): string {
  const named = waitingFor.length > 0 ? ` from ${waitingFor.join(', ')}` : '';
  return `no answer within ${deadlineMs / 1000} s${named}`;
}

/** One listener for all who wait for it. */
function aborted(signal: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    if (signal.aborted) resolve();
    signal.addEventListener('abort', () => resolve(), { once: true });
  });
}

function verdictOf(error: unknown): Verdict {
  if (error instanceof CachaoError)
    return unknown(error.message, {
      ...(error instanceof AccessDeniedError ? { evidence: refusal(error) } : {}),
      ...(error.next.length > 0
        ? { remedy: { text: error.next.join(' '), commands: [], fixable: false } }
        : {}),
    });
  // A defect of ours must not read as a healthy or an unhealthy world.
  return unknown(`the check itself failed: ${(error as Error)?.message ?? String(error)}`);
}

/** Who may not do what, for those who grant it. */
function refusal({ permission, identity }: AccessDeniedError): Evidence[] {
  return [
    { label: 'missing', value: permission },
    { label: 'principal', value: identity },
  ];
}

function settled(check: Check<never, never>, verdict: Verdict, durationMs: number): Finding {
  return {
    id: check.id,
    title: check.title,
    area: check.area,
    severity: check.severity,
    item: check.item ?? null,
    outcome: verdict.outcome,
    summary: verdict.summary,
    expected: verdict.expected ?? null,
    actual: verdict.actual ?? null,
    evidence: verdict.evidence ?? [],
    remedy: verdict.remedy ?? null,
    muted: null,
    durationMs,
  };
}
