// Measures what docs/performance.md shows. Ratios are taken within this one run: machines are noisy, ratios less so.
import { spawnSync } from 'node:child_process';
import fs from 'node:fs';
import { createRequire } from 'node:module';
import os from 'node:os';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { largeTemplate } from './audit-template.mjs';
import { measure as doctor } from './doctor.mjs';
import { measure as replay } from './replay.mjs';

const root = fileURLToPath(new URL('../..', import.meta.url));
const binary = path.join(root, 'bin', 'run.js');
const RUNS = 9;

const rows = [
  ...startUp(),
  ...(await handlers()),
  ...audit(),
  ...setup(),
  ...(await doctor()),
  ...(await replay()),
];
console.log(table(rows));

function startUp() {
  const bare = () => [process.execPath, ['-e', '0']];
  const stripe = stripeCli();
  const commands = {
    'node -e 0': bare(),
    ...(stripe ? { 'stripe --version (native)': [stripe, ['--version']] } : {}),
    'cachao --version': [process.execPath, [binary, '--version']],
    'cachao --help': [process.execPath, [binary, '--help']],
    'cachao setup --help': [process.execPath, [binary, 'setup', '--help']],
  };
  // In turn, so that a slow moment of the machine meets all of them.
  const times = Object.fromEntries(Object.keys(commands).map((name) => [name, []]));
  for (let run = 0; run <= RUNS; run++)
    for (const [name, [file, args]] of Object.entries(commands)) {
      const took = time(file, args, { STRIPE_CLI_TELEMETRY_OPTOUT: '1' });
      if (run > 0) times[name].push(took);
    }
  const base = median(times['node -e 0']);
  return Object.entries(times).map(([name, all]) => ({
    what: name,
    measured: `${median(all).toFixed(0)} ms`,
    ratio: `${(median(all) / base).toFixed(2)} × node -e 0`,
    goal: name.startsWith('cachao') ? '≤ 2.2 ×' : '',
  }));
}

async function handlers() {
  const file = new URL('./handlers.mjs', import.meta.url);
  return fs.existsSync(file) ? (await import(file.href)).measure() : [];
}

/** 500 resources, with a Stripe path in a tenth of them; the linter on the very same file beside it. */
function audit() {
  const directory = fs.mkdtempSync(path.join(os.tmpdir(), 'cachao-bench-'));
  const template = path.join(directory, 'template.yaml');
  fs.writeFileSync(template, largeTemplate(500, { stripe: 10 }));
  const linter = spawnSync('cfn-lint', ['--version']).status === 0;
  const times = { audit: [], lint: [] };
  try {
    for (let run = 0; run <= 3; run++) {
      times.audit.push(time(process.execPath, [binary, 'audit', template], {}, directory, [0, 1]));
      // It finds things of its own to say about the file.
      if (linter)
        times.lint.push(time('cfn-lint', ['--', template], {}, directory, [0, 2, 4, 6, 8, 10, 12, 14]));
    }
  } finally {
    fs.rmSync(directory, { recursive: true, force: true });
  }
  const ours = median(times.audit.slice(1));
  const theirs = linter ? median(times.lint.slice(1)) : undefined;
  return [
    {
      what: 'cachao audit, 500 resources',
      measured: `${ours.toFixed(0)} ms`,
      ratio: theirs
        ? `${(ours / theirs).toFixed(2)} × cfn-lint (${theirs.toFixed(0)} ms)`
        : 'cfn-lint is not installed',
      goal: '≤ 1 s, < 1 ×',
    },
  ];
}

function setup() {
  const directory = fs.mkdtempSync(path.join(os.tmpdir(), 'cachao-bench-'));
  try {
    const first = time(process.execPath, [binary, 'setup', '--local', '--yes'], {}, directory);
    const again = time(process.execPath, [binary, 'setup', '--local', '--yes'], {}, directory);
    return [
      {
        what: 'setup --local, from nothing to the paid order',
        measured: `${(first / 1000).toFixed(1)} s`,
        ratio: '',
        goal: '≤ 10 s',
      },
      {
        what: 'setup --local again',
        measured: `${(again / 1000).toFixed(1)} s`,
        ratio: `${(again / first).toFixed(2)} × the first`,
        goal: '≤ 3 s',
      },
    ];
  } finally {
    fs.rmSync(directory, { recursive: true, force: true });
  }
}

function time(file, args, environment = {}, cwd = root, codes = [0]) {
  const began = performance.now();
  const result = spawnSync(file, args, {
    cwd,
    stdio: ['ignore', 'ignore', 'pipe'],
    env: { ...process.env, NO_COLOR: '1', ...environment },
  });
  if (!codes.includes(result.status))
    throw new Error(
      `${path.basename(file)} ${args.join(' ')} exited with ${result.status}: ${result.stderr}`,
    );
  return performance.now() - began;
}

/** The native binary itself, without the script that npm puts before it. */
function stripeCli() {
  try {
    const name = `@stripe/cli-${process.platform}-${process.arch}`;
    const directory = path.dirname(createRequire(import.meta.url).resolve(`${name}/package.json`));
    return ['bin/stripe', 'stripe'].map((one) => path.join(directory, one)).find((one) => fs.existsSync(one));
  } catch {
    return undefined;
  }
}

function median(values) {
  return [...values].sort((a, b) => a - b)[Math.floor(values.length / 2)];
}

function table(all) {
  return [
    `Node ${process.version}, ${os.cpus().length} cores, median of ${RUNS} runs where a ratio is given.`,
    '',
    '| what | measured | ratio | to reach |',
    '|---|---|---|---|',
    ...all.map(({ what, measured, ratio, goal }) => `| ${what} | ${measured} | ${ratio} | ${goal} |`),
  ].join('\n');
}
