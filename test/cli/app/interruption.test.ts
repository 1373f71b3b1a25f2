import type { ChildProcess } from 'node:child_process';
import { describe, expect, it } from 'vitest';
import { runCli } from '../../support/run-cli.js';

/** Sends signals, each once stderr has shown its text. */
const onText = (steps: [string, NodeJS.Signals][]) => (child: ChildProcess) => {
  let seen = '';
  let next = 0;
  child.stderr?.on('data', (text: string) => {
    seen += text;
    const step = steps[next];
    if (!step || !seen.includes(step[0])) return;
    next += 1;
    child.kill(step[1]);
  });
};

describe.concurrent('interruption', () => {
  it.each(['SIGINT', 'SIGTERM', 'SIGHUP'] as const)(
    '%s stops at a safe point and still reports',
    async (signal) => {
      const run = await runCli(['probe', '--do', 'wait', '--json'], { started: onText([['ready', signal]]) });
      expect(run.exitCode).toBe(130);
      expect(JSON.parse(run.stdout)).toMatchObject({
        outcome: 'interrupted',
        exitCode: 130,
        changes: [{ resource: 'event bus' }],
        error: { code: 'INTERRUPTED' },
      });
    },
  );

  it('of any wait is no defect', async () => {
    const run = await runCli(['probe', '--do', 'awaited', '--json'], {
      started: onText([['ready', 'SIGINT']]),
    });
    expect(run.exitCode).toBe(130);
    expect(JSON.parse(run.stdout)).toMatchObject({ outcome: 'interrupted', error: { code: 'INTERRUPTED' } });
  });

  it.each([
    ['JSON', ['--json']],
    ['text', []],
  ])('the second stops at once, whatever the command does (%s)', async (mode, more: string[]) => {
    const run = await runCli(['probe', '--do', 'stuck', ...more], {
      started: onText([
        ['ready', 'SIGINT'],
        ['Stopping at the next safe point', 'SIGINT'],
      ]),
    });
    expect(run.exitCode).toBe(130);
    if (mode === 'JSON') expect(JSON.parse(run.stdout).error.code).toBe('INTERRUPTED');
    else expect(run.stdout).toBe('');
  });
});
