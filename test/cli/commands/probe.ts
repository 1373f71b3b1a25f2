import { setTimeout as wait } from 'node:timers/promises';
import { Args, Flags } from '@oclif/core';
import { CachaoCommand } from '../../../src/cli/app/base-command.js';
import { planFlags, settingFlags, stageFlags } from '../../../src/cli/shared/flags.js';
import type { CommandResult } from '../../../src/cli/shared/result.js';
import { CachaoError, CannotLookError, InterruptedError } from '../../../src/core/errors.js';
import type { Finding } from '../../../src/core/finding.js';
import { renderFindings } from '../../../src/terminal/findings.js';

/** Does what a test wants of a command. Stands only here: it is not shipped. */
export default class Probe extends CachaoCommand<typeof Probe> {
  static override summary = 'Behave as a test wants.';
  static override args = { word: Args.string({ description: 'Echoed.', ignoreStdin: true }) };
  static override flags = {
    ...stageFlags,
    ...planFlags,
    ...settingFlags,
    do: Flags.string({ default: 'ok' }),
    number: Flags.integer({ min: 1 }),
    choice: Flags.string({ options: ['one', 'two'] }),
  };

  protected async perform(): Promise<CommandResult> {
    const behaviour = BEHAVIOURS[this.flags.do];
    if (behaviour) return behaviour(this.signal, (text) => this.say(text));
    if (this.flags.do === 'settings' || this.flags.do === 'ask') return this.#settings();
    if (this.flags.do === 'steps') return this.#steps();
    if (this.flags.do === 'secret') {
      const { secret, source } = await this.stripeKey('test');
      return { outcome: 'ok', more: { secret, source }, text: () => `${secret} from ${source}` };
    }
    return { outcome: 'ok', text: () => `fine ${this.args.word ?? ''}`.trim() };
  }

  async #settings(): Promise<CommandResult> {
    const ask = this.flags.do === 'ask' ? { ask: ['region', 'currency', 'email'] as const, save: true } : {};
    const { settings, origins, file } = await this.configuration({ stageMayBeNew: true, ...ask });
    return {
      outcome: 'ok',
      more: { settings, origins: Object.fromEntries(origins), file },
      text: () => JSON.stringify(settings),
    };
  }

  async #steps(): Promise<CommandResult> {
    await this.progress.step('Making things', async (step) => step.note('one made'));
    const open = this.progress.begin('Waiting for things');
    open.note('half way');
    open.done('Things came');
    return { outcome: 'changed', text: () => 'made' };
  }
}

type Behaviour = (signal: AbortSignal, say: (text: string) => void) => Promise<CommandResult>;

const FINDING: Finding = {
  id: 'stripe.destination',
  title: 'One destination exists',
  area: 'stripe',
  severity: 'fail',
  item: 12,
  outcome: 'fail',
  summary: 'There is none.',
  expected: 'one',
  actual: 'none',
  evidence: [],
  remedy: null,
  muted: null,
  durationMs: 1,
};

const BEHAVIOURS: Record<string, Behaviour> = {
  problem: async () => ({
    outcome: 'problem',
    findings: [FINDING],
    text: (canvas) => renderFindings([FINDING], canvas),
  }),
  defect: async () => {
    throw new TypeError(`boom near ${process.env.STRIPE_API_KEY}`);
  },
  later: async () => {
    setTimeout(() => {
      throw new Error('boom later');
    }, 1);
    await wait(60_000);
    return { outcome: 'ok' };
  },
  rejected: async () => {
    void Promise.reject(new Error('nobody waits for me'));
    await wait(60_000);
    return { outcome: 'ok' };
  },
  cannot: async () => {
    throw new CannotLookError({
      code: 'AWS_UNREACHABLE',
      message: 'No answer.',
      next: ['Look at the network.'],
    });
  },
  partly: async () => ({
    outcome: 'error',
    changes: [{ check: 'a.b', action: 'create', resource: 'event bus', name: 'x', details: [] }],
    error: new CachaoError({ code: 'AWS_REFUSED', message: 'Broke off half way.' }),
    text: () => 'one thing was made',
  }),
  declined: async () => ({ outcome: 'declined', text: () => 'Nothing was changed.' }),
  wait: async (signal, say) => {
    say('ready');
    await wait(60_000, undefined, { signal }).catch(() => undefined);
    return {
      outcome: 'interrupted',
      changes: [{ check: 'a.b', action: 'create', resource: 'event bus', name: 'x', details: [] }],
      error: new InterruptedError(),
    };
  },
  awaited: async (signal, say) => {
    say('ready');
    await wait(60_000, undefined, { signal });
    return { outcome: 'ok' };
  },
  stuck: async (_signal, say) => {
    say('ready');
    await wait(60_000);
    return { outcome: 'ok' };
  },
  lines: async () => ({ outcome: 'ok', text: () => 'a line of the result\n'.repeat(20_000) }),
  much: async () => ({ outcome: 'problem', text: () => 'a line of the result\n'.repeat(20_000) }),
};
