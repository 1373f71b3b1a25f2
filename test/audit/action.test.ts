import { spawnSync } from 'node:child_process';
import fs from 'node:fs';
import path from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { parse } from 'yaml';
import { removeDirectory } from '../support/directories.js';
import { temporaryDirectory } from '../support/run-cli.js';
import { file, read } from './support.js';

interface Action {
  inputs: Record<string, { description: string; default: string }>;
  runs: { steps: { id?: string; name: string; run?: string; env?: Record<string, string> }[] };
}

const ACTION: Action = parse(read('action.yml'));
const AUDIT = ACTION.runs.steps.find((step) => step.id === 'audit');
const BEFORE = read('test/fixtures/checklist/before.sam.yaml');

let cwd: string;
beforeEach(() => {
  cwd = temporaryDirectory();
});
afterEach(() => removeDirectory(cwd));

const put = (name: string, text: string): void => {
  fs.mkdirSync(path.dirname(path.join(cwd, name)), { recursive: true });
  fs.writeFileSync(path.join(cwd, name), text);
};

/** Runs the step as a runner does: the inputs in the environment, outputs in a file. */
function act(given: Record<string, string> = {}) {
  const filled = (text: string): string =>
    text.replace(/\$\{\{ (inputs|github)\.([\w-]+) \}\}/g, (_, from: string, name: string) =>
      from === 'github' ? file('.') : (given[name] ?? ACTION.inputs[name]?.default ?? ''),
    );
  const env = Object.entries(AUDIT?.env ?? {}).map(([name, value]) => [name, filled(value)]);
  const output = path.join(cwd, 'output');
  fs.writeFileSync(output, '');
  const run = spawnSync('bash', ['--noprofile', '--norc', '-eo', 'pipefail', '-c', AUDIT?.run ?? ''], {
    cwd,
    encoding: 'utf8',
    env: {
      PATH: process.env.PATH,
      HOME: cwd,
      RUNNER_TEMP: cwd,
      GITHUB_OUTPUT: output,
      CI: 'true',
      ...Object.fromEntries(env),
    },
  });
  const outputs = Object.fromEntries(
    fs
      .readFileSync(output, 'utf8')
      .split('\n')
      .filter(Boolean)
      .map((line) => line.split('=')),
  );
  return { ...run, outputs };
}

describe('the GitHub Action', () => {
  it('annotates what it finds, leaves SARIF, and fails the job', () => {
    put('a template.yaml', BEFORE);
    put('infra/template.yaml', read('infra/template.yaml'));
    const { status, stdout, outputs } = act({ files: 'a template.yaml\ninfra\n' });
    expect([status, outputs['exit-code']]).toEqual([1, '1']);
    expect(stdout).toMatch(/^::error file=a template\.yaml,line=\d+,col=\d+,title=cachao /m);
    const sarif = JSON.parse(fs.readFileSync(outputs.sarif ?? '', 'utf8'));
    expect(sarif.runs[0].results.length).toBeGreaterThan(10);
  });

  it('finds templates by custom, and takes every input', () => {
    put('template.yaml', BEFORE);
    expect(act({ only: 'function.concurrency' }).status).toBe(0);
    expect(act({ only: 'function.concurrency', strict: 'true' }).status).toBe(1);
    expect(act({ skip: 'alarm,eventbridge,function,secret,audit,queue' }).status).toBe(0);
    expect(act({ handler: 'Nobody' }).status).toBe(2);
    expect(act({ webhook: '/nowhere' }).status).toBe(2);
    expect(act({ baseline: 'none.json' }).status).toBe(2);
  });

  it('without any template fails, and leaves no SARIF', () => {
    const { status, outputs } = act();
    expect([status, outputs]).toEqual([2, { 'exit-code': '2' }]);
  });

  it('puts no input into its script', () => {
    for (const step of ACTION.runs.steps) expect(step.run ?? '').not.toContain('${{');
  });
});

it('the hook of pre-commit runs on what find templates by custom', () => {
  const [hook] = parse(read('.pre-commit-hooks.yaml')) as {
    entry: string;
    files: string;
    language: string;
  }[];
  expect(hook).toMatchObject({ entry: 'cachao audit', language: 'node' });
  const files = new RegExp(hook?.files ?? '');
  for (const name of [
    'template.yaml',
    'a/b/template.json',
    'infra/stack-prod.yml',
    'shop.template',
    'x/Shop.template.json',
  ])
    expect([name, files.test(name)]).toEqual([name, true]);
  for (const name of ['package.json', 'src/template.ts', 'my-template.md', 'templates/mail.yaml'])
    expect([name, files.test(name)]).toEqual([name, false]);
});
