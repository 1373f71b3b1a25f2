// Draws docs/setup.svg and docs/doctor.svg from what the built commands print on a terminal of 80 columns, run for real
// on the local clouds. Wants `script` of util-linux.
import { execFileSync, spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { DisableRuleCommand, EventBridgeClient, ListEventBusesCommand } from '@aws-sdk/client-eventbridge';
import { svgOf } from './lib/terminal-svg.mjs';

// Its advice about Node concerns nobody who draws.
process.env.AWS_SDK_JS_NODE_VERSION_SUPPORT_WARNING_DISABLED ??= 'true';
const root = path.dirname(path.dirname(fileURLToPath(import.meta.url)));
const program = path.join(root, 'bin/run.js');
const cwd = mkdtempSync(path.join(tmpdir(), 'cachao-pictures-'));
const env = { PATH: process.env.PATH, HOME: cwd, TERM: 'xterm-256color', LANG: 'C.UTF-8' };
// The clouds stay for as long as this runs.
const clouds = spawn(process.execPath, [program, 'local', '--json'], {
  cwd,
  env,
  stdio: ['ignore', 'pipe', 'inherit'],
});
try {
  await once(clouds.stdout, 'data');
  draw(
    'setup',
    ['setup', '--local', '--yes'],
    'the payment path drawn, every hop healthy, and the test checkout with its times',
  );
  await disableRule();
  draw(
    'doctor',
    ['doctor', '--local'],
    'the path drawn with a disabled rule in it, then the finding in full with its remedy',
  );
} finally {
  clouds.kill('SIGINT');
  await once(clouds, 'close');
  rmSync(cwd, { recursive: true, force: true });
}

function draw(name, args, label) {
  const words = [process.execPath, program, ...args].map((word) => `'${word}'`).join(' ');
  // Progress goes to stderr, and is no part of the picture.
  const command = `stty cols 80 rows 50; exec ${words} 2>/dev/null`;
  const { stdout } = spawnSync(
    'script',
    ['--quiet', '--return', '--flush', '--command', command, '/dev/null'],
    { cwd, env, encoding: 'utf8' },
  );
  const typed = `cachao ${args.join(' ')}`;
  writeFileSync(path.join(root, 'docs', `${name}.svg`), svgOf(`npx ${typed}`, stdout, `${typed}: ${label}`));
  console.error(`docs/${name}.svg written`);
}

async function disableRule() {
  const lines = execFileSync(process.execPath, [program, 'local', '--export'], {
    cwd,
    env,
    encoding: 'utf8',
  });
  for (const [, variable, value] of lines.matchAll(/^export (\w+)='(.*)'$/gm)) process.env[variable] = value;
  const events = new EventBridgeClient({});
  const { EventBuses = [] } = await events.send(new ListEventBusesCommand({ NamePrefix: 'aws.partner/' }));
  await events.send(
    new DisableRuleCommand({ Name: 'cachao-local-stripe', EventBusName: EventBuses[0]?.Name }),
  );
}
