import { describe, expect, it } from 'vitest';
import { showRepair } from '../../src/cli/repair-host.js';
import type { Settings } from '../../src/config/settings.js';
import { Canvas } from '../../src/output/canvas.js';
import { progressFor } from '../../src/output/progress.js';
import { terminalOf } from '../../src/output/terminal.js';

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
