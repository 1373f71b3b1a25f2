import { existsSync, openSync, readFileSync, statSync } from 'node:fs';
import path from 'node:path';
import { Ajv2020 } from 'ajv/dist/2020.js';
import { describe, expect, it } from 'vitest';
import { runCli, temporaryDirectory } from '../../support/run-cli.js';
import { itWhere } from '../../support/where.js';

const schema = JSON.parse(
  readFileSync(new URL('../../../schemas/report.schema.json', import.meta.url), 'utf8'),
);
const validate = new Ajv2020({ allErrors: true }).compile(schema);

/** What is typed, and the exit code that both modes must end with. */
const CASES: [string, string[], number][] = [
  ['done', ['probe'], 0],
  ['a problem', ['probe', '--do', 'problem'], 1],
  ['a declined plan', ['probe', '--do', 'declined'], 1],
  ['stopped half way', ['probe', '--do', 'partly'], 1],
  ['a defect', ['probe', '--do', 'defect'], 1],
  ['a defect outside the command', ['probe', '--do', 'later'], 1],
  ['a promise nobody waits for', ['probe', '--do', 'rejected'], 1],
  ['could not look', ['probe', '--do', 'cannot'], 3],
  ['an answer is needed', ['probe', '--do', 'settings'], 4],
  ['a secret is needed', ['probe', '--do', 'secret'], 4],
  ['a flag that is not there', ['probe', '--regoin', 'eu-west-1'], 2],
  ['a short flag that is not there', ['probe', '-qsecret'], 2],
  ['an argument too many', ['probe', 'one', 'two'], 2],
  ['a flag without its value', ['probe', '--stage'], 2],
  ['a number that is none', ['probe', '--number', 'many'], 2],
  ['a choice that is none', ['probe', '--choice', 'three'], 2],
  ['a setting that is wrong', ['probe', '--do', 'settings', '--region', 'Europe'], 2],
  ['a profile on the local cloud', ['probe', '--local', '--profile', 'shop'], 2],
  ['a command that is not there', ['prob'], 2],
  ['a flag before the command', ['--verbose', 'probe'], 2],
  ['help', ['--help'], 0],
  ['no command', [], 0],
  ['help on a command', ['probe', '--help'], 0],
  ['help on a command that is not there', ['help', 'prob'], 2],
  ['the version', ['--version'], 0],
];

describe.concurrent('every outcome', () => {
  it.each(CASES)(
    '%s: the same exit code in both modes, one valid document in JSON',
    async (_, args, code) => {
      const json = await runCli([...args, '--json']);
      const text = await runCli(args);
      const report = JSON.parse(json.stdout);
      expect(validate(report), JSON.stringify(validate.errors)).toBe(true);
      expect([json.exitCode, text.exitCode, report.exitCode]).toEqual([code, code, code]);
    },
  );

  it('JSON can be asked for by the environment', async () => {
    const run = await runCli(['probe', '--nothing'], { env: { CACHAO_JSON: '1' } });
    expect(JSON.parse(run.stdout).error.code).toBe('FLAG_UNKNOWN');
  });

  it('what was done before an error is reported with it', async () => {
    const { stdout } = await runCli(['probe', '--do', 'partly', '--json']);
    expect(JSON.parse(stdout)).toMatchObject({
      changes: [{ resource: 'event bus' }],
      error: { code: 'AWS_REFUSED', message: 'Broke off half way.' },
    });
  });

  it('a defect names the file that says where it happened, and shows no stack trace unless asked', async () => {
    const cwd = temporaryDirectory();
    const quiet = await runCli(['probe', '--do', 'defect'], {
      cwd,
      env: { STRIPE_API_KEY: 'rk_test_0123456789abcdef' },
    });
    const file = /\S+\.cachao\/log\/probe-\S+\.jsonl/.exec(quiet.stderr)?.[0] ?? '';
    const told = readFileSync(file, 'utf8');
    expect(told).toMatch(/TypeError: boom near .*\\n +at /);
    expect(told).not.toContain('0123456789');
    expect(statSync(file).mode & 0o777).toBe(0o600);
    expect(readFileSync(path.join(cwd, '.cachao', '.gitignore'), 'utf8')).toBe('*\n');
    expect(quiet.stderr).toContain('Code: DEFECT');
    expect(quiet.stderr).not.toMatch(/\n\s+at /);
    const loud = await runCli(['probe', '--do', 'defect'], { env: { CACHAO_DEBUG: '1' } });
    expect(loud.stderr).toMatch(/\n\s+at /);
  });
});

describe.concurrent('stdout', () => {
  it('carries the result alone; progress goes to stderr in plain lines', async () => {
    const run = await runCli(['probe', '--do', 'steps']);
    expect(run.stdout).toBe('made\n');
    const lines = run.stderr.trim().split('\n');
    expect(lines.map((line) => line.replace(/^\S+Z /, ''))).toEqual([
      'Making things ...',
      'Making things: one made',
      'Making things: done',
      'Waiting for things ...',
      'Waiting for things: half way',
      'Things came: done',
    ]);
  });

  it('holds one document however noisy the environment is', async () => {
    const env = {
      DEBUG: '*',
      NODE_DEBUG: 'module',
      HTTPS_PROXY: 'http://127.0.0.1:9',
      CLAUDECODE: '1',
      FORCE_COLOR: '1',
      npm_config_loglevel: 'verbose',
    };
    const run = await runCli(['probe', '--do', 'problem', '--json'], { env });
    expect(JSON.parse(run.stdout).findings).toHaveLength(1);
  });

  it('may be closed by its reader: the exit code stays and nothing is printed about it', async () => {
    const run = await runCli(['probe', '--do', 'much'], {
      started: (child) => child.stdout?.once('data', () => child.stdout?.destroy()),
    });
    expect(run).toMatchObject({ exitCode: 1, stderr: '' });
  });

  it.each([
    ['a result', 'lines'],
    ['a report', 'ok'],
  ])('that was not read to its end is no success: %s', async (_, what) => {
    const run = await runCli(['probe', '--do', what], {
      started: (child) => child.stdout?.destroy(),
    });
    expect(run).toMatchObject({ exitCode: 1, stderr: '' });
  });

  itWhere(existsSync('/dev/full'), 'there is no /dev/full')(
    'that cannot be written is told, and no success',
    async () => {
      for (const more of [[], ['--json']]) {
        const run = await runCli(['probe', ...more], { stdout: openSync('/dev/full', 'w') });
        expect(run.exitCode).toBe(1);
        expect(run.stderr).toContain('The result could not be written: ENOSPC');
      }
    },
  );

  it('is complete when the process ends', async () => {
    const { stdout } = await runCli(['probe', '--do', 'much']);
    expect(stdout).toBe('a line of the result\n'.repeat(20_000));
  });
});

describe.concurrent('a mistyped word', () => {
  it.each([
    [['prob'], 'Did you mean "cachao probe"?'],
    [['probe', '--regoin', 'x'], '--regoin (did you mean --region?)'],
    [['--verbose', 'probe'], 'put "probe" first'],
    [['-V'], 'cachao/'],
    [['-v'], 'cachao/'],
  ])('%j is met with what was meant', async (args, hint) => {
    const { stdout, stderr } = await runCli(args);
    expect(stdout + stderr).toContain(hint);
  });
});
