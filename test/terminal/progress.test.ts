import { PassThrough } from 'node:stream';
import { describe, expect, it } from 'vitest';
import { hide } from '../../src/core/secret.js';
import { Canvas } from '../../src/terminal/canvas.js';
import { type ProgressDisplay, progressFor } from '../../src/terminal/progress.js';
import type { Terminal } from '../../src/terminal/terminal.js';

/** A stream in place of stderr, and all that was written to it. */
function screen(): { stream: NodeJS.WriteStream; text(): string } {
  const stream = Object.assign(new PassThrough(), { isTTY: true, columns: 80, rows: 24 });
  let text = '';
  stream.setEncoding('utf8').on('data', (chunk) => {
    text += chunk;
  });
  return { stream: stream as unknown as NodeJS.WriteStream, text: () => text };
}

function displayOn(live: boolean, unicode = true): { display: ProgressDisplay; text(): string } {
  const { stream, text } = screen();
  const canvas = new Canvas({ colour: false, unicode, width: 80 });
  const terminal: Terminal = { out: canvas, err: canvas, interactive: live, silence: undefined, live };
  return { display: progressFor(terminal, stream, () => new Date('2030-01-02T03:04:05Z')), text };
}

const settled = async (work: Promise<unknown>): Promise<unknown> => work.catch((error) => error);

describe.each([
  ['live', true],
  ['in plain lines', false],
] as const)('progress, %s', (_, live) => {
  it('hands on what a step returns, and shows its title, notes and end', async () => {
    const { display, text } = displayOn(live);
    const value = await display.step('Making a bus', async (step) => {
      step.note('asking AWS');
      return 42;
    });
    await display.close();
    expect(value).toBe(42);
    expect(text()).toContain('Making a bus');
    if (!live) expect(text()).toContain('Making a bus: asking AWS');
  });

  it('throws on what a step throws, and shows it as failed', async () => {
    const { display, text } = displayOn(live);
    const boom = new Error('no such bus');
    const work = display.step('Making a bus', async () => {
      throw boom;
    });
    expect(await settled(work)).toBe(boom);
    expect(text()).toContain('no such bus');
  });

  it('runs a list in order and stops at the first that fails', async () => {
    const { display } = displayOn(live);
    const seen: string[] = [];
    const steps = ['one', 'two', 'three'].map((title) => ({
      title,
      work: async () => {
        seen.push(title);
        if (title === 'two') throw new Error('two failed');
      },
    }));
    expect(await settled(display.list(steps))).toMatchObject({ message: 'two failed' });
    expect(seen).toEqual(['one', 'two']);
  });

  it('runs a list at once when asked to', async () => {
    const { display } = displayOn(live);
    let release = (): void => {};
    const second = new Promise<void>((resolve) => {
      release = resolve;
    });
    await display.list(
      [
        { title: 'waits for the other', work: () => second },
        { title: 'lets it go', work: async () => release() },
      ],
      { concurrent: true },
    );
  });

  it('keeps steps that events begin and end in order, whatever is said before they are drawn', async () => {
    const { display, text } = displayOn(live);
    const first = display.begin('First');
    first.note('half way');
    first.done('First is there');
    display.begin('Second').failed('it was refused');
    const third = display.begin('Third');
    third.skip('nothing to do');
    await display.close();
    const order = ['First is there', 'it was refused', 'nothing to do'].map((words) => text().indexOf(words));
    expect(order.every((place) => place >= 0)).toBe(true);
    expect(order).toEqual([...order].sort((a, b) => a - b));
  });

  it('shows no secret', async () => {
    hide('shown-to-nobody-1234');
    const { display, text } = displayOn(live);
    await display.step('With shown-to-nobody-1234', async (step) => step.note('it is shown-to-nobody-1234'));
    display.say('shown-to-nobody-1234');
    await display.close();
    expect(text()).not.toContain('shown-to-nobody');
    expect(text()).toContain('[secret]');
  });
});

describe('plain lines', () => {
  it('carry the time in UTC', async () => {
    const { display, text } = displayOn(false);
    await display.step('Making a bus', async (step) => step.skip('it is there'));
    expect(text()).toBe(
      '2030-01-02T03:04:05Z Making a bus ...\n2030-01-02T03:04:05Z Making a bus: skipped: it is there\n',
    );
  });
});

describe('a live list', () => {
  it('needs no more than ASCII where the terminal has no more', async () => {
    const { display, text } = displayOn(true, false);
    await display.step('Making a bus', async (step) => step.note('asking'));
    // biome-ignore lint/suspicious/noControlCharactersInRegex: control sequences move the cursor
    expect(text()).toMatch(/^[\x00-\x7f]*$/);
  });

  it('gives Ctrl-C no meaning of its own', async () => {
    const { display } = displayOn(true);
    const before = process.listeners('SIGINT');
    await display.step('Making a bus', async () => {
      expect(process.listeners('SIGINT')).toEqual(before);
    });
  });
});
