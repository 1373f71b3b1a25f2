import { PassThrough } from 'node:stream';
import { stripVTControlCharacters } from 'node:util';
import { describe, expect, it } from 'vitest';
import { Canvas } from '../../src/terminal/canvas.js';
import { Prompts, type Question } from '../../src/terminal/prompts.js';

const REGION: Question = {
  name: 'region',
  what: 'AWS region',
  flag: '--region',
  variable: 'CACHAO_REGION',
  why: 'the bus and the functions live in one region',
};
const YES = {
  what: 'agreement to the plan',
  flag: '--yes',
  variable: 'CACHAO_YES',
  why: 'it changes things',
};

/** Prompts on streams in place of a terminal; `type` sends keys when the screen shows a text. */
function conversation(interactive = true) {
  const stdin = Object.assign(new PassThrough(), { isTTY: true, setRawMode: () => stdin });
  const stderr = Object.assign(new PassThrough(), { columns: 80, rows: 24 });
  const waiting: [string, string][] = [];
  let screen = '';
  let unanswered = '';
  stderr.setEncoding('utf8').on('data', (chunk: string) => {
    screen += chunk;
    unanswered += chunk;
    const next = waiting[0];
    if (!next || !unanswered.includes(next[0])) return;
    waiting.shift();
    unanswered = '';
    // After the prompt has begun to listen.
    setImmediate(() => stdin.write(next[1]));
  });
  const canvas = new Canvas({ colour: false, unicode: true, width: 80 });
  const prompts = new Prompts(
    { out: canvas, err: canvas, interactive, silence: undefined, live: interactive },
    stdin,
    stderr as unknown as NodeJS.WriteStream,
  );
  const type = (when: string, keys: string): void => {
    waiting.push([when, keys]);
  };
  return { prompts, type, stdin, screen: () => screen };
}

describe('questions', () => {
  it('are asked on stderr, each with its why', async () => {
    const { prompts, type, screen } = conversation();
    type('AWS region', 'eu-west-1\r');
    expect(await prompts.ask([REGION])).toEqual({ region: 'eu-west-1' });
    expect(screen()).toContain('the bus and the functions live in one region');
  });

  it('say what is wrong with an answer in lines that end at words', async () => {
    const { prompts, type, screen } = conversation();
    const wrong = `the region is not one of those that this was written for: ${'word '.repeat(20)}end.`;
    type('AWS region', 'nowhere\r');
    type('end.', '\u0015eu-west-1\r');
    const check = (answer: string) => (answer === 'nowhere' ? wrong : undefined);
    expect(await prompts.ask([{ ...REGION, check }])).toEqual({ region: 'eu-west-1' });
    const lines = stripVTControlCharacters(screen())
      .split('\n')
      .filter((line) => !line.includes('AWS region'));
    for (const line of lines) expect(line.length, line).toBeLessThanOrEqual(80);
    expect(stripVTControlCharacters(screen())).toMatch(/\n {2}(word )*end\./);
  });

  it('take the initial answer on return', async () => {
    const { prompts, type } = conversation();
    type('AWS region', '\r');
    expect(await prompts.ask([{ ...REGION, initial: 'us-east-1' }])).toEqual({ region: 'us-east-1' });
  });

  it('are asked again when the answer is wrong, saying why', async () => {
    const { prompts, type, screen } = conversation();
    type('AWS region', 'x\r');
    type('not a region', '\u007feu-west-1\r');
    const check = (answer: string) => (answer.includes('-') ? undefined : 'not a region');
    expect(await prompts.ask([{ ...REGION, check }])).toEqual({ region: 'eu-west-1' });
    expect(screen()).toContain('not a region');
  });

  it('end with INTERRUPTED on Ctrl-C', async () => {
    const { prompts, type } = conversation();
    type('AWS region', '\u0003');
    await expect(prompts.ask([REGION])).rejects.toMatchObject({ code: 'INTERRUPTED', exitCode: 130 });
  });

  it('for a secret do not show what is typed', async () => {
    const { prompts, type, screen } = conversation();
    type('Stripe test key', 'sk_test_0123456789abcdef\r');
    const secret = await prompts.secret({ ...REGION, what: 'Stripe test key' });
    expect(secret.reveal()).toBe('sk_test_0123456789abcdef');
    expect(screen()).not.toContain('0123456789');
  });

  it.each([
    ['y\r', true],
    ['yes\r', true],
    [' Yes \r', true],
    ['Y\n', true],
    ['n\r', false],
    ['no\r', false],
    ['q\r', false],
    ['\r', false],
  ])('yes or no: %j is %s', async (keys, expected) => {
    const { prompts, type } = conversation();
    type('Go on?', keys);
    expect(await prompts.confirm('Go on?', { unasked: YES })).toBe(expected);
  });

  it.each(['quit', 'pässwort', 'stop', 'yes please', 'true', '1', 'yy', 'abort', 'nope'])(
    '%j is neither yes nor no: it is asked again, and not shown',
    async (word) => {
      const { prompts, type, screen } = conversation();
      type('Go on?', `${word}\r`);
      type('Type y or yes', '');
      type('Go on?', 'y\r');
      expect(await prompts.confirm('Go on?', { unasked: YES })).toBe(true);
      const [first = ''] = screen().split('\n');
      expect(stripVTControlCharacters(first.split('\u001b[2K').at(-1) ?? '')).toBe('? Go on? (y/N) · ');
    },
  );

  it('wants Enter: y alone decides nothing, and Ctrl-U takes it back', async () => {
    const { prompts, type } = conversation();
    type('Go on?', 'y\u0015no\r');
    expect(await prompts.confirm('Go on?', { unasked: YES })).toBe(false);
  });

  it('escape declines, Ctrl-C interrupts', async () => {
    const first = conversation();
    first.type('Go on?', '\u001b\u001b');
    expect(await first.prompts.confirm('Go on?', { unasked: YES })).toBe(false);
    const second = conversation();
    second.type('Go on?', '\u0003');
    await expect(second.prompts.confirm('Go on?', { unasked: YES })).rejects.toMatchObject({ exitCode: 130 });
  });

  it('what was typed before a question does not answer it', async () => {
    const { prompts, type, stdin } = conversation();
    stdin.write('y\r');
    type('Go on?', 'n\r');
    expect(await prompts.confirm('Go on?', { unasked: YES })).toBe(false);
  });

  it('of what is pasted the first line answers, and no other', async () => {
    const { prompts, type } = conversation();
    type('Go on?', 'apt install\ry\r');
    type('Type y or yes', '');
    type('Go on?', 'n\r');
    expect(await prompts.confirm('Go on?', { unasked: YES })).toBe(false);
  });

  it('Ctrl-C before a question interrupts', async () => {
    const { prompts, stdin } = conversation();
    stdin.write('\u0003');
    await expect(prompts.ask([REGION])).rejects.toMatchObject({ code: 'INTERRUPTED' });
  });

  it('Ctrl-U clears the line of any question', async () => {
    const { prompts, type } = conversation();
    type('AWS region', 'us-east-1\u0015eu-west-1\r');
    expect(await prompts.ask([REGION])).toEqual({ region: 'eu-west-1' });
  });

  it.each([
    ['acct_1\r', true],
    ['acct_2\r', false],
  ])('a word that must be typed: %j is %s', async (keys, expected) => {
    const { prompts, type } = conversation();
    type('Type "acct_1"', keys);
    expect(await prompts.typed('This takes real money.', 'acct_1', YES)).toBe(expected);
  });
});

describe('without a terminal', () => {
  it('nothing is asked: every missing answer is named at once', async () => {
    const { prompts, screen } = conversation(false);
    const email = { ...REGION, name: 'email', what: 'e-mail', flag: '--email', variable: 'CACHAO_EMAIL' };
    const error = await prompts.ask([REGION, email]).catch((thrown) => thrown);
    expect(error).toMatchObject({ code: 'ANSWERS_NEEDED', exitCode: 4 });
    expect(error.next).toHaveLength(2);
    expect(error.next.join(' ')).toContain('--email or CACHAO_EMAIL');
    await expect(prompts.confirm('Go on?', { unasked: YES })).rejects.toMatchObject({
      code: 'ANSWERS_NEEDED',
    });
    await expect(prompts.secret(REGION)).rejects.toMatchObject({ code: 'ANSWERS_NEEDED' });
    expect(screen()).toBe('');
  });

  it('no question is no error', async () => {
    expect(await conversation(false).prompts.ask([])).toEqual({});
  });
});
