// doctor against the local clouds, with and without 100 ms on every call to them.
import { spawn, spawnSync } from 'node:child_process';
import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { fileURLToPath } from 'node:url';

const BINARY = fileURLToPath(new URL('../../bin/run.js', import.meta.url));
const LATENCY_MS = 100;
const RUNS = 5;

/** @returns {Promise<{what: string, measured: string, ratio: string, goal: string}[]>} rows of the table */
export async function measure() {
  const directory = fs.mkdtempSync(path.join(os.tmpdir(), 'cachao-bench-'));
  run(directory, 'setup', '--local', '--yes');
  const local = spawn(process.execPath, [BINARY, 'local', '--json'], { cwd: directory });
  try {
    const { aws } = JSON.parse(await firstLine(local.stdout));
    const { checks } = JSON.parse(run(directory, 'doctor', '--list-checks', '--json').stdout);
    const near = times(directory, checks);
    await faults(directory, aws, [
      { service: '*', operation: '*', kind: 'latency', milliseconds: LATENCY_MS },
    ]);
    const far = times(directory, checks);
    return rows(near, far, checks.length);
  } finally {
    local.kill();
    await new Promise((resolve) => local.once('close', resolve));
    fs.rmSync(directory, { recursive: true, force: true });
  }
}

/** What is not looking (process start, imports) is the same near and far, so it is taken from the near run. */
function rows(near, far, count) {
  const start = near.wall - near.chain;
  const looking = far.wall - start;
  return [
    { what: `doctor, ${count} checks`, measured: seconds(near.wall), ratio: '', goal: '' },
    {
      what: `doctor, ${LATENCY_MS} ms on every call`,
      measured: seconds(far.wall),
      ratio: `${(looking / far.chain).toFixed(2)} × its longest chain of checks (${seconds(far.chain)})`,
      goal: '≤ 1.2 ×',
    },
    {
      what: 'round trips that wait for each other',
      measured: ((far.wall - near.wall) / LATENCY_MS).toFixed(0),
      ratio: '',
      goal: '',
    },
  ];
}

/** Of several runs the one with the median wall time: how long it took, and its longest chain of checks. */
function times(directory, checks) {
  const measured = Array.from({ length: RUNS }, () => {
    const began = performance.now();
    const { stdout } = run(directory, 'doctor', '--local', '--json');
    const wall = performance.now() - began;
    return { wall, chain: longestChain(JSON.parse(stdout).findings, checks) };
  });
  return measured.sort((a, b) => a.wall - b.wall)[Math.floor(RUNS / 2)];
}

/** Of checks that wait for one another, the longest time that a row of them took. */
function longestChain(findings, checks) {
  const took = new Map(findings.map(({ id, durationMs }) => [id, durationMs]));
  const needs = new Map(checks.map((check) => [check.id, check.needs]));
  const ends = new Map();
  const end = (id) => {
    if (!ends.has(id)) ends.set(id, (took.get(id) ?? 0) + Math.max(0, ...(needs.get(id) ?? []).map(end)));
    return ends.get(id);
  };
  return Math.max(...findings.map(({ id }) => end(id)));
}

function run(cwd, ...args) {
  const result = spawnSync(process.execPath, [BINARY, ...args], { cwd, encoding: 'utf8' });
  if (result.status !== 0)
    throw new Error(`cachao ${args.join(' ')} exited with ${result.status}: ${result.stderr}`);
  return result;
}

async function faults(directory, aws, list) {
  const { token } = JSON.parse(
    fs.readFileSync(path.join(directory, '.cachao', 'local', 'cloud.json'), 'utf8'),
  );
  const answer = await fetch(`${aws}/_cachao/faults`, {
    method: 'PUT',
    body: JSON.stringify(list),
    headers: { 'x-cachao-token': token },
  });
  if (!answer.ok) throw new Error(`the local cloud refused the faults: ${await answer.text()}`);
}

function firstLine(stream) {
  return new Promise((resolve) => {
    let text = '';
    stream.on('data', (chunk) => {
      text += chunk;
      if (text.includes('\n')) resolve(text.slice(0, text.indexOf('\n')));
    });
  });
}

const seconds = (milliseconds) => `${(milliseconds / 1000).toFixed(2)} s`;
