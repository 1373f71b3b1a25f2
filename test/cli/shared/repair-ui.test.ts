import { describe, expect, it } from 'vitest';
import { consentBy } from '../../../src/cli/shared/consent.js';
import { showRepair } from '../../../src/cli/shared/repair-ui.js';
import type { Settings } from '../../../src/config/settings.js';
import { Canvas } from '../../../src/terminal/canvas.js';
import { type ProgressDisplay, progressFor } from '../../../src/terminal/progress.js';
import type { Prompts } from '../../../src/terminal/prompts.js';
import { terminalOf } from '../../../src/terminal/terminal.js';

/** A terminal that redraws, with everything that was written to it. */
function redrawing() {
  const written: string[] = [];
  const stream = Object.assign(Object.create(process.stderr), {
    isTTY: true,
    columns: 80,
    write: (text: string) => written.push(text) > 0,
  }) as NodeJS.WriteStream;
  const terminal = {
    ...terminalOf({}, { stdin: process.stdin, stdout: stream, stderr: stream }),
    live: true,
  };
  return { display: progressFor(terminal, stream), text: () => written.join('') };
}

const check = { id: 'stack.healthy', title: 'The stack is deployed' };
const change = {
  check: check.id,
  action: 'create' as const,
  resource: 'stack',
  name: 'cachao-dev',
  details: [],
};

describe('setup on a terminal', () => {
  it('goes on with a step after a question was asked in the middle of it', async () => {
    const { display, text } = redrawing();
    const canvas = new Canvas({ colour: false, unicode: true, width: 80 });
    const { host, pause } = showRepair({
      display,
      canvas,
      settings: {} as Settings,
      live: true,
      confirm: async () => true,
    });
    const progress = host.fixing(check, [change]);
    progress.note('asking CloudFormation what would change');
    await pause();
    progress.note('CREATE_COMPLETE StripeEventFunction');
    await display.close();
    expect(text()).toContain('CREATE_COMPLETE StripeEventFunction');
  });
});

describe('a change set that undoes more than the plan is about', () => {
  const consent = (allowDeletions: boolean, asked: unknown[]) =>
    consentBy({
      prompts: {
        confirm: async (...question: unknown[]) => {
          asked.push(question);
          return false;
        },
      } as unknown as Prompts,
      display: { say: () => undefined } as unknown as ProgressDisplay,
      pause: async () => undefined,
      canvas: new Canvas({ colour: false, unicode: true, width: 80 }),
      yes: true,
      allowDeletions,
    });

  it('is agreed to with the consent that deleting needs, and the question says why', async () => {
    const asked: unknown[] = [];
    const besides = 'what was changed by hand in StripeDlq, which is not part of this finding';
    expect(await consent(false, asked).changeSet([change], false, besides)).toBe(false);
    expect(JSON.stringify(asked)).toContain(`It also reverts ${besides}. Execute this change set?`);
    expect(JSON.stringify(asked)).toContain('"flag":"--allow-deletions"');
    expect(JSON.stringify(asked)).toContain(`the change set also reverts ${besides}`);
    expect(await consent(true, asked).changeSet([change], false, besides)).toBe(true);
    expect(await consent(false, asked).changeSet([change], false)).toBe(true);
    expect(asked).toHaveLength(1);
  });
});
