import { CachaoError } from '../../core/errors.js';
import type { Finding } from '../../core/finding.js';
import { reportError } from '../../core/report.js';
import { rootsFirst } from '../../core/roots-first.js';
import type { Scope } from '../../core/scope.js';
import { qualifyError, qualifyFindings } from '../../core/suggested-commands.js';
import { choose, type Selection } from '../../doctor/choose.js';
import { describe } from '../../doctor/describe.js';
import { type DiagnoseOptions, type Diagnosis, diagnose, isBlank } from '../../doctor/diagnose.js';
import { END_TO_END } from '../../doctor/end-to-end.js';
import { mutesOfNothing } from '../../doctor/mutes.js';
import { type DoctorReport, overall, type StageReport } from '../../doctor/report.js';
import { confirmLive } from '../shared/confirm-live.js';
import type { CliContext } from '../shared/context.js';
import { checkoutTimeout } from '../shared/flags.js';
import { openInBrowser } from '../shared/open-in-browser.js';
import type { CommandResult } from '../shared/result.js';
import { slowNotes } from '../shared/slow-notes.js';
import { besidesAbsent } from './absent.js';
import type { DoctorFlags } from './flags.js';
import { rendererOf } from './format.js';
import { resultOf } from './result.js';
import { DESCRIBED, type OpenedStage, openInspection } from './stage.js';

const WATCH_INTERVAL_MS = 60_000;

/** One run of doctor, as its flags say: look, repair, watch, or look at every stage. */
export class DoctorRun {
  /** Whether a test checkout is among what was chosen. */
  readonly proves: boolean;
  readonly #context: CliContext;
  readonly #flags: DoctorFlags;
  readonly #selection: Selection;
  readonly #scope: Scope;
  /** Where what is going on is said: on the step that is shown, if any. */
  #note: (text: string) => void;

  /** @throws CHECK_UNKNOWN, NOTHING_TO_CHECK, before anything is called. */
  constructor(context: CliContext, flags: DoctorFlags) {
    const { only = [], skip = [], deep, fix, 'end-to-end': endToEnd } = flags;
    this.#context = context;
    this.#flags = flags;
    this.#scope = context.terminal.err.scope;
    this.#selection = { only, skip, deep, endToEnd, fix };
    this.#note = context.say;
    this.proves = choose(DESCRIBED, this.#selection).chosen.has(END_TO_END);
  }

  /** Looks at one stage. */
  async look(): Promise<CommandResult> {
    const stage = await this.#open();
    const { choice } = this.#options(stage);
    const diagnosis = await this.#step(`Running ${choice.checks.length} checks on Stripe and AWS`, () =>
      this.#diagnose(stage),
    );
    return this.#told([this.#reportOf(stage, diagnosis)]);
  }

  /** Repairs one stage. */
  async fix(): Promise<CommandResult> {
    const stage = await this.#open();
    const { repairStage } = await import('./repair.js');
    const { diagnosis, error, ...result } = await repairStage(stage, {
      ...this.#context,
      ...this.#options(stage),
      flags: this.#flags,
    });
    await stage.ended();
    const told = await this.#told([this.#reportOf(stage, diagnosis)], {
      ...result,
      error: error && qualifyError(reportError(error), this.#scope),
    });
    return { ...told, error };
  }

  /** Looks at stages at once; one that cannot be looked at does not keep the others back. */
  async lookAtAll(names: readonly string[]): Promise<CommandResult> {
    const flags = this.#flags;
    const reports = await this.#step(`Checking the stages ${names.join(', ')}`, () =>
      Promise.all(names.map((name) => this.#oneOfMany(name))),
    );
    return this.#told(besidesAbsent(reports, flags.strict));
  }

  /** Looks again and again, until Ctrl-C, which is how it ends. */
  async watch(): Promise<CommandResult> {
    const { terminal, signal, announce } = this.#context;
    const stage = await this.#open();
    const { watchStage } = await import('./watch.js');
    const last = await watchStage({
      look: async () => {
        stage.world.forget();
        return this.#reportOf(stage, await this.#diagnose(stage)).diagnosis;
      },
      intervalMs: this.#flags.interval ?? WATCH_INTERVAL_MS,
      canvas: terminal.out,
      live: terminal.live && process.stdout.isTTY === true,
      stdout: process.stdout,
      begun: ({ outcome, exitCode }) => announce({ outcome, exitCode }),
      signal,
    });
    process.exitCode = last.exitCode;
    return { outcome: last.outcome, exitCode: last.exitCode };
  }

  /** Opens the stage; a test checkout on a live one has to be agreed to first. */
  async #open(name?: string): Promise<OpenedStage> {
    const flags = this.#flags;
    const { configure, prompts, say } = this.#context;
    const configuration = await configure(name === undefined ? {} : { stage: name });
    const stage = await openInspection(this.#context, configuration, {
      local: flags.local,
      windowMs: flags.since,
      repairs: flags.fix,
      wakes: flags.deep,
      checkoutTimeoutMs: flags['checkout-timeout'] ?? checkoutTimeout(false),
      progress: { note: (text) => this.#note(text) },
    });
    const ids = stage.checks.map((check) => check.id);
    for (const id of mutesOfNothing(configuration.settings.mute, ids))
      say(`Warning: the configuration mutes "${id}", but there is no such check.`);
    if (this.proves) await confirmLive(stage.world, prompts, flags['confirm-live']);
    return stage;
  }

  async #oneOfMany(name: string): Promise<StageReport> {
    const scope = this.#scope.ofStage(name);
    try {
      const stage = await this.#open(name);
      return this.#reportOf(stage, await this.#diagnose(stage), scope);
    } catch (error) {
      if (!(error instanceof CachaoError)) throw error;
      return {
        stage: name,
        diagnosis: null,
        checkout: null,
        error: qualifyError(reportError(error), scope),
        exitCode: error.exitCode,
      };
    }
  }

  async #diagnose(stage: OpenedStage): Promise<Diagnosis> {
    const diagnosis = await diagnose(stage.world, this.#options(stage), {
      slow: slowNotes((text) => this.#note(text)),
    });
    await stage.ended();
    return diagnosis;
  }

  #options(stage: OpenedStage): DiagnoseOptions {
    return {
      choice: choose(stage.checks, this.#selection),
      strict: this.#flags.strict,
      now: new Date(),
      signal: this.#context.signal,
    };
  }

  async #step<T>(title: string, work: () => Promise<T>): Promise<T> {
    const { display, say } = this.#context;
    return display.step(title, async (step) => {
      this.#note = (text) => step.note(text);
      try {
        return await work();
      } finally {
        this.#note = say;
      }
    });
  }

  #reportOf(stage: OpenedStage, diagnosis: Diagnosis, scope = this.#scope) {
    const repair = isBlank(diagnosis) ? 'cachao setup' : 'cachao doctor --fix';
    const findings = qualifyFindings(diagnosis.findings, scope, repair);
    return {
      stage: diagnosis.stage,
      diagnosis: { ...diagnosis, findings },
      checkout: stage.checkout(),
      error: null,
      exitCode: diagnosis.exitCode,
    };
  }

  /** Opens the page where the root of what failed is seen; that it cannot be opened is a note. */
  async #openPage(stages: readonly StageReport[]): Promise<void> {
    const operational = new Set(DESCRIBED.filter((check) => check.operational).map(({ id }) => id));
    const failed = stages.flatMap(({ diagnosis }) => rootsFirst(diagnosis?.findings ?? [], operational));
    const page = failed.map(pageOf).find((url) => url !== undefined);
    const none = this.#scope.hasConsoles ? 'nothing that failed has a page' : 'these clouds have no console';
    const obstacle = page === undefined ? none : await openInBrowser(page);
    if (obstacle !== undefined) this.#context.say(`No page was opened: ${obstacle}.`);
  }

  async #told(
    stages: StageReport[],
    repaired?: Omit<DoctorReport, 'stages' | 'strict' | 'checks' | 'version'>,
  ) {
    const flags = this.#flags;
    const { version } = this.#context;
    if (flags.open) await this.#openPage(stages);
    const report: DoctorReport = {
      ...(repaired ?? { ...overall(stages.map((stage) => stage.exitCode)), changes: [], error: null }),
      stages,
      strict: flags.strict,
      checks: DESCRIBED.map(describe),
      version,
    };
    return resultOf(report, await rendererOf(flags.format, flags));
  }
}

/** Where a finding is seen in a console or dashboard. */
const pageOf = ({ remedy, evidence }: Finding): string | undefined =>
  remedy?.url ?? evidence.find(({ url }) => url !== undefined)?.url;
