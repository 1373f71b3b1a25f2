import { Command, type Interfaces } from '@oclif/core';
import { otherEndpoint } from '../../aws/endpoint.js';
import type { Configuration } from '../../config/complete.js';
import { databasePassword, type FoundSecret, stripeKey } from '../../config/secrets.js';
import { AnswersNeededError, isAbort } from '../../core/errors.js';
import { quoted, Scope, type ScopeFlags } from '../../core/scope.js';
import { type ProgressDisplay, progressFor } from '../../terminal/progress.js';
import { Prompts } from '../../terminal/prompts.js';
import type { Terminal } from '../../terminal/terminal.js';
import type { ConfigureOptions } from '../shared/configuration.js';
import type { CliContext } from '../shared/context.js';
import { globalFlags } from '../shared/flags.js';
import type { LocalSession } from '../shared/local-session.js';
import { type CommandResult, failureOf } from '../shared/result.js';
import { usage, usageError } from '../shared/usage-error.js';
import { Interruption } from './interruption.js';
import { type Invocation, invocation } from './invocation.js';

type FlagsOf<C extends typeof Command> = Interfaces.InferredFlags<typeof globalFlags & C['flags']>;
type ArgsOf<C extends typeof Command> = Interfaces.InferredArgs<C['args']>;

/**
 * What every command shares: parse, start the local cloud when asked, `perform`, and tell the outcome once, with
 * the same exit code in both modes. oclif's own JSON mode, exits and error printing are not used: they lose exit
 * codes, replace the report by an error object, and print the values of flags.
 */
export abstract class CachaoCommand<C extends typeof Command> extends Command {
  static override baseFlags = globalFlags;
  /** For the help: exit codes by which this command means something of its own; empty: it never ends so. */
  static exitCodes: Record<string, string> = {};
  /** For the help: environment variables beside the twins of flags. */
  static environment: Record<string, string> = {};

  protected flags!: FlagsOf<C>;
  protected args!: ArgsOf<C>;
  readonly #invocation: Invocation = invocation();
  readonly #interruption = new Interruption(this.#invocation);
  /** What stood on the command line, without what came from the environment. */
  #typed: Record<string, string | number | boolean | undefined> = {};
  #progress: ProgressDisplay | undefined;
  #local: LocalSession | undefined;

  /** Does the work: calls one service, and hands what it found to one renderer. May throw. */
  protected abstract perform(): Promise<CommandResult>;

  override async run(): Promise<void> {
    this.#invocation.command = this.id ?? '';
    let result: CommandResult;
    try {
      await this.#prepare();
      result = await this.perform();
    } catch (thrown) {
      result = failureOf(this.#explained(thrown));
    }
    try {
      await this.#leave();
    } catch (thrown) {
      if (!result.error) result = { ...result, ...failureOf(thrown) };
    }
    if (this.signal.aborted && !result.error) result = { ...result, ...failureOf(this.signal.reason) };
    this.#interruption.release();
    this.#invocation.finish(this.#withSilence(result));
  }

  /** Aborted at the first Ctrl-C; services stop at their next safe point. */
  protected get signal(): AbortSignal {
    return this.#interruption.signal;
  }

  protected get terminal(): Terminal {
    return this.#invocation.terminal;
  }

  protected get json(): boolean {
    return this.#invocation.json;
  }

  /** Whether `--local` stands for clouds to be started first. */
  protected readonly usesClouds: boolean = true;

  /** Where this run looks, as its flags say: for the commands that it suggests. */
  protected get scope(): Scope {
    return this.#invocation.scope;
  }

  /** This run as it was typed, for when it is worth running again. */
  protected get again(): string {
    return ['cachao', ...this.#invocation.argv].map(quoted).join(' ');
  }

  /** Whether the flag stood on the command line; what came from the environment did not. */
  protected typed(flag: string): boolean {
    return this.#typed[flag] !== undefined;
  }

  /** The package's directory. */
  protected get root(): string {
    return this.config.root;
  }

  protected get progress(): ProgressDisplay {
    this.#progress ??= progressFor(this.terminal, process.stderr);
    return this.#progress;
  }

  protected get prompts(): Prompts {
    return new Prompts(this.terminal, process.stdin, process.stderr);
  }

  /** Tells the result of a command that goes on running. */
  protected announce(result: CommandResult): void {
    this.#invocation.announce(result);
  }

  /** What this run has at hand, for the folders of the commands. */
  protected get context(): CliContext {
    return {
      root: this.root,
      version: this.config.version,
      terminal: this.terminal,
      display: this.progress,
      prompts: this.prompts,
      signal: this.signal,
      configure: (options) => this.configuration(options),
      say: (text) => this.say(text),
      announce: (result) => this.announce(result),
    };
  }

  /** A line for the person, on stderr. */
  protected say(text: string): void {
    this.#invocation.say(text);
  }

  /** The settings of the stage, by the one chain. Asks only when told to, and only on a terminal. */
  protected async configuration(options: ConfigureOptions = {}): Promise<Configuration> {
    const { configure } = await import('../shared/configuration.js');
    const configuration = await configure(
      {
        flags: this.#typed,
        environment: process.env,
        cwd: process.cwd(),
        local: this.#isLocal(),
        prompts: this.prompts,
        acceptDefaults: this.#flag('yes') === true,
        configFile: this.#text('config') ?? null,
        say: (text) => this.say(text),
      },
      options,
    );
    await this.#lookFromProfile(configuration);
    if (this.#flag('verbose') === true) await this.#showOrigins(configuration);
    return configuration;
  }

  /** The Stripe key that is there without asking; undefined when there is none. */
  protected knownStripeKey(mode: 'test' | 'live'): Promise<FoundSecret | undefined> {
    return stripeKey(mode, process.env);
  }

  /** The Stripe key for the mode: environment, the Stripe CLI's profile, else asked for. */
  protected async stripeKey(mode: 'test' | 'live'): Promise<FoundSecret> {
    const found = await this.knownStripeKey(mode);
    if (found) return found;
    const secret = await this.prompts.secret({
      name: 'stripeKey',
      what: `Stripe ${mode} key`,
      flag: '`stripe login`',
      variable: 'STRIPE_API_KEY',
      why: `cachao reads and sets up your Stripe account with it; a restricted key will do (rk_${mode}_)`,
      check: (answer) => (answer === '' ? 'A key is needed.' : undefined),
    });
    return { secret, source: 'answer' };
  }

  /** The database password that is there without asking; undefined when there is none. */
  protected knownDatabasePassword(): FoundSecret | undefined {
    return databasePassword(process.env);
  }

  /** The database password: environment, else asked for. */
  protected async databasePassword(): Promise<FoundSecret> {
    const found = this.knownDatabasePassword();
    if (found) return found;
    const secret = await this.prompts.secret({
      name: 'databasePassword',
      what: 'database password',
      flag: 'a prompt on a terminal',
      variable: 'CACHAO_DATABASE_PASSWORD',
      why: 'it is stored as an encrypted SSM parameter, for the functions',
    });
    return { secret, source: 'answer' };
  }

  async #prepare(): Promise<void> {
    const parsed = await this.parse(this.ctor as Interfaces.Input<FlagsOf<C>, FlagsOf<C>, ArgsOf<C>>);
    this.flags = { ...this.#switchesOff(), ...this.#listsSplit(parsed.flags) } as FlagsOf<C>;
    this.args = parsed.args as ArgsOf<C>;
    const typed = new Set(parsed.raw.flatMap((token) => (token.type === 'flag' ? [token.flag] : [])));
    this.#typed = Object.fromEntries(Object.entries(this.flags).filter(([name]) => typed.has(name)));
    this.#invocation.lookFrom(new Scope(this.flags as ScopeFlags, otherEndpoint(process.env) !== undefined));
    if (this.#flag('no-color') === true) {
      process.env.NO_COLOR = '1';
      delete process.env.FORCE_COLOR;
      this.#invocation.refresh();
    }
    if (this.#flag('debug') === true) this.#invocation.debug();
    if (this.#isLocal() && this.usesClouds) await this.#startLocal();
  }

  /** oclif leaves a switch that nobody gave out, though its type says that it is there: false. */
  #switchesOff(): Record<string, boolean> {
    const known = Object.entries({ ...this.ctor.baseFlags, ...this.ctor.flags });
    const isSwitch = ([, flag]: (typeof known)[number]) => flag.type === 'boolean' && !flag.allowNo;
    return Object.fromEntries(known.filter(isSwitch).map(([name]) => [name, false]));
  }

  /** oclif leaves a list that comes from the environment as one text. */
  #listsSplit(flags: Record<string, unknown>): Record<string, unknown> {
    const known = { ...this.ctor.baseFlags, ...this.ctor.flags };
    const isList = (name: string) => known[name]?.type === 'option' && known[name].multiple === true;
    const split = (name: string, value: unknown) =>
      isList(name) && typeof value === 'string' ? value.split(',').filter(Boolean) : value;
    return Object.fromEntries(Object.entries(flags).map(([name, value]) => [name, split(name, value)]));
  }

  async #startLocal(): Promise<void> {
    if (this.#typed.profile !== undefined)
      throw usage('FLAG_CONFLICT', '--local uses no AWS profile: leave --profile out.', this.id ?? '');
    const { localStateDirectory, startLocal } = await import('../shared/local-session.js');
    const directory = localStateDirectory(process.cwd(), this.#text('config'));
    const ownDatabase =
      this.#typed.database !== undefined ||
      Boolean(process.env.CACHAO_DATABASE) ||
      (await this.#keptDatabase());
    this.#local = await startLocal(directory, this.root, ownDatabase, this.signal);
    for (const warning of this.#local.warnings) this.say(`Warning: ${warning}`);
  }

  /** Whether an earlier run on the local clouds was told of a database, for the stage that is theirs. */
  async #keptDatabase(): Promise<boolean> {
    const [{ loadFile }, { chooseStage, LOCAL_STAGE }] = await Promise.all([
      import('../../config/file.js'),
      import('../../config/stage.js'),
    ]);
    const file = await loadFile(process.cwd(), this.#text('config'));
    const given = { flag: this.#text('stage'), variable: process.env.CACHAO_STAGE || undefined };
    const { name } = chooseStage(given, file, { local: true, mayBeNew: true });
    return name === LOCAL_STAGE && Boolean(file?.content.stages?.[name]?.database);
  }

  /** Whatever happened: ends what is drawn, and leaves the local cloud. */
  async #leave(): Promise<void> {
    await this.#progress?.close();
    await this.#local?.release();
  }

  /** A profile may name an endpoint in the place of AWS: then there are no consoles to link to. */
  async #lookFromProfile({ settings }: Configuration): Promise<void> {
    if (settings.profile === null || this.#isLocal()) return;
    const { withProfileEndpoints } = await import('../../config/aws-profile.js');
    const environment = await withProfileEndpoints(settings.profile, process.env);
    this.#invocation.lookFrom(new Scope(this.flags as ScopeFlags, otherEndpoint(environment) !== undefined));
  }

  #isLocal(): boolean {
    return this.#flag('local') === true;
  }

  #flag(name: string): unknown {
    return (this.flags as Record<string, unknown>)[name];
  }

  #text(name: string): string | undefined {
    const value = this.#flag(name);
    return typeof value === 'string' ? value : undefined;
  }

  #explained(thrown: unknown): unknown {
    // Whatever was waited for: it was the person who ended the wait.
    if (this.signal.aborted && isAbort(thrown)) return this.signal.reason;
    const known = { ...this.ctor.baseFlags, ...this.ctor.flags };
    return usageError(thrown, this.id ?? '', Object.keys(known)) ?? thrown;
  }

  /** Says with answers that are missing why nobody was asked: there is no terminal, or a variable forbids it. */
  #withSilence(result: CommandResult): CommandResult {
    const { silence } = this.terminal;
    if (!(result.error instanceof AnswersNeededError) || silence === undefined) return result;
    return { ...result, error: new AnswersNeededError(result.error.missing, silence) };
  }

  async #showOrigins({ settings, origins, file }: Configuration): Promise<void> {
    const { renderOrigins } = await import('../shared/render-origins.js');
    this.say(renderOrigins(settings, origins, file, this.terminal.err));
  }
}
