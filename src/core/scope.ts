/** Flags that say which stage, account and clouds are meant. */
const WHERE = ['stage', 'region', 'profile', 'config'] as const;

/** Each command, with the flags of those that it takes. */
const ALL = ['local', ...WHERE];
const COMMANDS: Record<string, readonly string[]> = {
  audit: ['local'],
  checkout: ALL,
  deploy: ALL,
  destroy: ALL,
  doctor: ALL,
  local: ['config'],
  policy: ALL,
  reconcile: ALL,
  'replay-dlq': ALL,
  'rotate-secret': ALL,
  setup: ALL,
  trace: ALL,
};
const NAMES = Object.keys(COMMANDS)
  .toSorted((one, other) => other.length - one.length)
  .join('|');
const IN_PROSE = new RegExp(`\\bcachao (${NAMES})(?![\\w-])`, 'g');

export type ScopeFlags = { local?: boolean | undefined } & {
  [F in (typeof WHERE)[number]]?: string | undefined;
};

/**
 * Where a run looks, as the flags that said so. Every command that the run suggests passes through here, so that it
 * looks at the same stage of the same clouds.
 */
export class Scope {
  static readonly NONE = new Scope({});

  /** `elsewhere`: another endpoint stands in the place of AWS. */
  constructor(
    readonly flags: ScopeFlags,
    private readonly elsewhere = false,
  ) {}

  /** Whether the consoles of AWS and Stripe know what this run looks at. */
  get hasConsoles(): boolean {
    return this.flags.local !== true && !this.elsewhere;
  }

  /** The same clouds, another stage. */
  ofStage(stage: string): Scope {
    return new Scope({ ...this.flags, stage }, this.elsewhere);
  }

  /** A whole command, with what it needs to look here added at its end; what it says itself stays. */
  command(command: string): string {
    const [program, name = ''] = command.split(' ');
    return program === 'cachao' ? command + this.#missing(name, command) : command;
  }

  /** A text with commands in it: each is told where to look, right behind its name. */
  prose(text: string): string {
    return text.replace(IN_PROSE, (command, name: string, at: number) => {
      const rest = text.slice(at + command.length);
      const [itself = ''] = rest.split(/ cachao |\n/);
      return command + this.#missing(name, itself);
    });
  }

  #missing(name: string, said: string): string {
    if (said.includes(' --help')) return '';
    const words = said.split(/[\s=]/);
    const taken = (COMMANDS[name] ?? []).filter((flag) => !words.includes(`--${flag}`));
    return taken.map((flag) => this.#written(flag as keyof ScopeFlags)).join('');
  }

  #written(flag: keyof ScopeFlags): string {
    const value = this.flags[flag];
    if (value === undefined || value === false) return '';
    return value === true ? ` --${flag}` : ` --${flag} ${quoted(value)}`;
  }
}

/** A word as a shell takes it. */
export const quoted = (value: string): string =>
  /^[\w@%+=:,./-]+$/.test(value) ? value : `'${value.replaceAll("'", `'\\''`)}'`;
