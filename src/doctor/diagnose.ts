import type { PathCheck } from '../checks/types.js';
import type { Check } from '../core/check.js';
import { EXIT, type ExitCode, exitCodeOf } from '../core/exit-code.js';
import type { Finding } from '../core/finding.js';
import { blocks, type InspectionEvents, inspectAll, inspectOne, skippedBecauseOf } from '../core/inspect.js';
import type { ReportOutcome } from '../core/report.js';
import type { World } from '../world/world.js';
import type { Choice } from './choose.js';
import { type Deployed, deployed } from './deployed.js';
import { END_TO_END } from './end-to-end.js';
import { muted } from './mutes.js';

/** How a stage stands. */
export interface Diagnosis {
  stage: string;
  mode: 'test' | 'live';
  region: string;
  outcome: Extract<ReportOutcome, 'ok' | 'problem' | 'unknown'>;
  exitCode: ExitCode;
  deployed: Deployed | null;
  /** Of the chosen checks, and of those they need that stand in their way. */
  findings: Finding[];
  /** Ids of checks that were looked at only because chosen ones need them. */
  alsoInspected: string[];
}

export interface DiagnoseOptions {
  choice: Choice;
  /** Warnings count as problems. */
  strict: boolean;
  now: Date;
  /** Ends the look early; what is not known by then stays unknown. */
  signal: AbortSignal;
}

/** What was seen, before it is judged. */
export interface Examination {
  /** Of every check that was looked at, in order. */
  inspected: Finding[];
  deployed: Deployed | null;
}

/** Inspects what was chosen against what is really deployed, and says how the stage stands. Only looks. */
export async function diagnose(
  world: World,
  options: DiagnoseOptions,
  events: InspectionEvents,
): Promise<Diagnosis> {
  return judge(world, options, await examine(world, options, events));
}

/** Inspects the chosen checks and those they need. */
export async function examine(
  world: World,
  { choice, signal }: DiagnoseOptions,
  events: InspectionEvents,
): Promise<Examination> {
  const names = deployed(world);
  const waitingFor = () => world.waitingFor();
  const inspected = await look(world, choice.checks, { ...events, waitingFor }, signal);
  // Checks have deadlines and this has none: what is not known by now stays unknown.
  return { inspected, deployed: await Promise.race([names, Promise.resolve(null)]) };
}

/** What was seen means for the stage: mutes and strictness decide, and what was not asked about does not count. */
export function judge(
  world: World,
  { choice, strict, now }: DiagnoseOptions,
  { inspected, deployed }: Examination,
): Diagnosis {
  const counted = inspected.filter((finding) => choice.chosen.has(finding.id) || isInTheWay(finding));
  const findings = muted(counted, world.settings.mute, now);
  const exitCode = exitCodeOf(findings, { strict });
  return {
    stage: world.settings.stage,
    mode: world.settings.mode,
    region: world.settings.region,
    outcome: exitCode === EXIT.ok ? 'ok' : exitCode === EXIT.unknown ? 'unknown' : 'problem',
    exitCode,
    deployed,
    findings,
    alsoInspected: inspected.map((finding) => finding.id).filter((id) => !choice.chosen.has(id)),
  };
}

/** Skipped ones only stand behind another that is in the way. */
const isInTheWay = (finding: Finding): boolean => blocks(finding) && finding.outcome !== 'skipped';

/** The one check that does something comes last, when all others are known: it must not be seen half-done. */
async function look(
  world: World,
  checks: readonly PathCheck[],
  events: InspectionEvents,
  signal: AbortSignal,
): Promise<Finding[]> {
  const looking = checks.filter((check) => check.id !== END_TO_END) as readonly Check<World, never>[];
  const findings = await inspectAll(looking, world, events, signal);
  const proof = checks.find((check) => check.id === END_TO_END) as Check<World, never> | undefined;
  if (!proof) return findings;
  const blocker = findings.find((finding) => proof.needs.includes(finding.id) && blocks(finding));
  // Without the signal: the test order is taken away again before it ends.
  return [...findings, blocker ? skippedBecauseOf(proof, blocker) : await inspectOne(proof, world, events)];
}

/** Nothing of the stage is there at all: that is not repaired, but set up, with the questions it needs. */
export function isBlank({ deployed, findings }: Diagnosis): boolean {
  return (
    deployed === null && findings.some(({ id, outcome }) => id === 'stripe.destination' && outcome === 'fail')
  );
}
