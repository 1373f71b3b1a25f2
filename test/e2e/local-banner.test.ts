import { execFile, spawn } from 'node:child_process';
import { chmodSync, mkdirSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { workingDirectory } from './support/cli.js';

const ROOT = fileURLToPath(new URL('../..', import.meta.url));
const BINARY = path.join(ROOT, 'bin/run.js');
/** A line of the banner that is to be typed, without the remark behind it. */
const TYPED = /^ {2}((?:export|eval|stripe|cachao) .*?)(?: {2,}.*)?$/gm;

/** What `cachao local` prints is typed into a shell, in its order, in another terminal of the same directory. */
const directory = workingDirectory();
let banner = '';
let local: ReturnType<typeof spawn>;

beforeAll(async () => {
  const bin = path.join(directory.path, 'bin');
  mkdirSync(bin);
  const program = path.join(bin, 'cachao');
  writeFileSync(program, `#!/bin/sh\nexec "${process.execPath}" "${BINARY}" "$@"\n`);
  chmodSync(program, 0o755);
  local = spawn(process.execPath, [BINARY, 'local'], { cwd: directory.path, env: environment() });
  await new Promise<void>((resolve) =>
    local.stdout?.on('data', (chunk) => {
      banner += chunk;
      if (banner.includes('Ctrl-C ends them')) resolve();
    }),
  );
});
afterAll(async () => {
  const ended = new Promise((resolve) => local.once('close', resolve));
  local.kill('SIGINT');
  await ended;
  await directory.remove();
});

function environment(): NodeJS.ProcessEnv {
  const { path: home } = directory;
  const tools = [path.join(home, 'bin'), path.join(ROOT, 'node_modules/.bin'), process.env.PATH];
  return { PATH: tools.join(':'), HOME: home, NO_COLOR: '1', CACHAO_YES: 'true' };
}

it('is true line by line, and ends in a paid order', async () => {
  const lines = [...banner.matchAll(TYPED)].map(([, line = '']) => line.trim());
  expect(lines.filter((line) => !line.startsWith('export'))).toEqual([
    'eval "$(cachao local --export)"',
    'stripe events list --api-base "$STRIPE_API_BASE"',
    'cachao setup --local',
    'cachao checkout --local',
    'cachao local --inbox',
    'cachao local --confirm',
  ]);
  const script = lines
    .map((line) => `echo '> ${line.replaceAll("'", '')}'\n${line}\necho "exit $?"`)
    .join('\n');
  const stdout = await new Promise<string>((resolve) =>
    execFile('bash', ['-c', script], { cwd: directory.path, env: environment() }, (_, out) => resolve(out)),
  );
  const exits = [...stdout.matchAll(/^exit (\d+)$/gm)].map(([, code]) => Number(code));
  // Without an address for the alarms nobody was asked to confirm, and the last line says so.
  expect(exits).toEqual([...lines.slice(0, -1).map(() => 0), 1]);
  expect(stdout).toContain('ok Test checkout: the test order was paid once');
});
