import { AnswersNeededError, InterruptedError, type MissingAnswer } from '../core/errors.js';
import { redact, Secret } from '../core/secret.js';
import type { Terminal } from './terminal.js';
import { forgetTypedAhead, type TerminalInput } from './typed-ahead.js';

/** Something that only a person knows. Without a terminal it has to come from the flag or the variable. */
export interface Question extends MissingAnswer {
  /** Name of the answer. */
  name: string;
  /** What is taken when the person just presses return. */
  initial?: string;
  /** One of these. */
  choices?: readonly string[];
  /** Says what is wrong with an answer; undefined when it is right. */
  check?(answer: string): string | undefined | Promise<string | undefined>;
}

/** Asks a person, on stderr. Refuses without a terminal, naming every missing answer at once. */
export class Prompts {
  readonly #terminal: Terminal;
  readonly #stdin: TerminalInput;
  readonly #stderr: NodeJS.WriteStream;

  constructor(terminal: Terminal, stdin: TerminalInput, stderr: NodeJS.WriteStream) {
    this.#terminal = terminal;
    this.#stdin = stdin;
    this.#stderr = stderr;
  }

  /** Whether anybody can be asked. */
  get possible(): boolean {
    return this.#terminal.interactive;
  }

  /** Throws ANSWERS_NEEDED naming all of them when nobody can be asked. Call it before the first question. */
  require(missing: readonly MissingAnswer[]): void {
    if (missing.length > 0 && !this.possible) throw new AnswersNeededError(missing);
  }

  /** The answers by name. Throws ANSWERS_NEEDED, INTERRUPTED. */
  async ask(questions: readonly Question[]): Promise<Record<string, string>> {
    this.require(questions);
    const answers: Record<string, string> = {};
    for (const question of questions) answers[question.name] = await this.#askOne(question);
    return answers;
  }

  /** A secret, not shown while it is typed. */
  async secret(question: Omit<Question, 'initial' | 'choices'>): Promise<Secret> {
    this.require([question]);
    const answer = await this.#prompt({
      type: 'password',
      message: this.#message(question),
      ...(question.check ? { validate: this.#validation(question.check) } : {}),
    });
    return new Secret(String(answer).trim());
  }

  /**
   * Consent. Only `y` or `yes` gives it; `n`, `no`, `q`, Escape and Enter alone decline; anything else is asked again.
   * `unasked` says how it is given where nobody can be asked (`--yes`).
   */
  async confirm(question: string, { unasked }: { unasked: MissingAnswer }): Promise<boolean> {
    this.require([unasked]);
    const { err } = this.#terminal;
    for (;;) {
      const decision = await this.#askConsent(question);
      if (decision !== undefined) return decision;
      this.#stderr.write(`${err.wrap('Type y or yes, then Enter, to agree. Enter alone declines.', '  ')}\n`);
    }
  }

  /** Undefined: the answer was not understood. */
  async #askConsent(question: string): Promise<boolean | undefined> {
    let escaped = false;
    try {
      const answer = await this.#prompt({
        type: 'input',
        message: `${question} (y/N)`,
        prefix: ifNotUnderstood('?'),
        // It may be a password that was meant for another question: it does not stay on the screen.
        format(this: EnquirerPrompt) {
          return isNotUnderstood(this) ? '' : this.input;
        },
        onCancel(this: EnquirerPrompt) {
          escaped = this.state.keypress?.name === 'escape';
        },
      });
      return decisionOf(answer);
    } catch (error) {
      if (escaped) return false;
      throw error;
    }
  }

  /** Wants a word typed, for what cannot be undone. Anything else is a no. */
  async typed(message: string, word: string, unasked: MissingAnswer): Promise<boolean> {
    this.require([unasked]);
    return (await this.#prompt({ type: 'input', message: `${message} Type "${word}":` })) === word;
  }

  async #askOne(question: Question): Promise<string> {
    const { choices, initial } = question;
    const validate = question.check ? { validate: this.#validation(question.check) } : {};
    const message = this.#message(question);
    if (choices) {
      const index = initial === undefined ? 0 : Math.max(0, choices.indexOf(initial));
      return String(await this.#prompt({ type: 'select', message, choices: [...choices], initial: index }));
    }
    const first = initial === undefined ? {} : { initial };
    return String(await this.#prompt({ type: 'input', message, ...first, ...validate })).trim();
  }

  /** What is wrong stands under the question behind enquirer's sign, and breaks at words. */
  #validation(check: NonNullable<Question['check']>) {
    return async (answer: string): Promise<true | string> => {
      const wrong = await check(answer.trim());
      return wrong === undefined ? true : this.#terminal.err.wrap(wrong, '  ').trimStart();
    };
  }

  /** Prints the one line of why, then returns the question proper. */
  #message(question: Pick<Question, 'what' | 'why'>): string {
    const { err } = this.#terminal;
    this.#stderr.write(`${err.wrap(err.ink('dim', redact(question.why)), '  ')}\n`);
    return question.what.charAt(0).toUpperCase() + question.what.slice(1);
  }

  /** enquirer's colours know FORCE_COLOR alone, and read it once, when they are loaded. */
  async #enquirer() {
    const wanted = process.env.FORCE_COLOR;
    if (!this.#terminal.err.colour) process.env.FORCE_COLOR = '0';
    const { default: enquirer } = await import('enquirer');
    if (wanted === undefined) delete process.env.FORCE_COLOR;
    else process.env.FORCE_COLOR = wanted;
    return enquirer;
  }

  async #prompt(options: Record<string, unknown>): Promise<unknown> {
    const enquirer = await this.#enquirer();
    const asked = { name: 'answer', stdin: this.#stdin, stdout: this.#stderr, undo: clearLine, ...options };
    try {
      await forgetTypedAhead(this.#stdin);
      const { answer } = await enquirer.prompt<{ answer: unknown }>(
        asked as unknown as Parameters<typeof enquirer.prompt>[0],
      );
      return answer;
    } catch (error) {
      // Escape and Ctrl-C reject with nothing, or with the text typed so far: never pass that on.
      if (error instanceof Error && error.message !== '') throw error;
      throw new InterruptedError('Interrupted at a question; nothing was answered.');
    }
  }
}

/** What an answer to a question for consent decides; undefined when it is not understood. */
function decisionOf(answer: unknown): boolean | undefined {
  const word = String(answer ?? '')
    .trim()
    .toLowerCase();
  if (word === 'y' || word === 'yes') return true;
  return ['', 'n', 'no', 'q'].includes(word) ? false : undefined;
}

/** What is used of enquirer's prompts, whose functions are called on them. */
interface EnquirerPrompt {
  input: string;
  state: { submitted?: boolean; cancelled?: boolean; keypress?: { name?: string } };
  reset(): unknown;
}

const isNotUnderstood = ({ state, input }: EnquirerPrompt): boolean =>
  state.submitted === true && decisionOf(input) === undefined;

function ifNotUnderstood(sign: string) {
  return function (this: EnquirerPrompt): string | undefined {
    return isNotUnderstood(this) ? sign : undefined;
  };
}

/** Ctrl-U, which enquirer calls undo, clears the line, as everywhere. */
function clearLine(this: EnquirerPrompt): unknown {
  return this.reset();
}
