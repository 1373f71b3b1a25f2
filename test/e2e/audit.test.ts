import { spawnSync } from 'node:child_process';
import fs from 'node:fs';
import path from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { file, read } from '../audit/support.js';
import { cachao, workingDirectory } from './support/cli.js';
import { schemaErrors } from './support/schema.js';

const BEFORE = read('test/fixtures/checklist/before.sam.yaml');
const BUILT = file('dist');
const OURS = read('infra/template.yaml');

let directory: ReturnType<typeof workingDirectory>;
const put = (name: string, content: string | Buffer): string => {
  const target = path.join(directory.path, name);
  fs.mkdirSync(path.dirname(target), { recursive: true });
  fs.writeFileSync(target, content);
  return target;
};
const run = (...args: string[]) => cachao(['audit', ...args], { cwd: directory.path });
const json = async (...args: string[]) => {
  const result = await run(...args, '--json');
  return { ...result, report: JSON.parse(result.stdout) };
};

beforeEach(() => {
  directory = workingDirectory();
});
afterEach(() => directory.remove());

describe('cachao audit', () => {
  it('says what is wrong, where, why and what to do, and fails', async () => {
    put('template.yaml', BEFORE);
    const { code, stdout, stderr } = await run();
    expect([code, stderr]).toEqual([1, '']);
    expect(stdout).toContain('template.yaml:38:27  EventBusName: default');
    expect(stdout).toContain('StripeEventBridgeHandler.StripeEventBridge stands on default. (FAILED)');
    expect(stdout).toContain('EventBusName: !Ref StripeEventBusName');
    expect(stdout).toMatch(/\d+ failed, \d+ warnings\./);
    expect(stdout).toContain('cachao audit template.yaml --write');
  });

  it('is content with a template that is right', async () => {
    put('infra/template.yaml', OURS);
    const { code, stdout } = await run('--strict');
    expect(code).toBe(0);
    expect(stdout).toContain('Nothing is wrong.');
  });

  it('prints one document, by its schema, in every outcome', async () => {
    put('template.yaml', BEFORE);
    put('empty.yaml', '');
    for (const args of [
      [],
      ['empty.yaml'],
      ['--list-rules'],
      ['--explain', 'function.dlq'],
      ['--only', 'nothing'],
    ]) {
      const { report, code } = await json(...args);
      expect([args, schemaErrors(report), report.exitCode]).toEqual([args, [], code]);
    }
  });

  it('writes what is safe, and nothing more the second time', async () => {
    const target = put('template.yaml', BEFORE);
    fs.chmodSync(target, 0o640);
    const first = await json('--write');
    expect([first.code, first.report.templates[0].written]).toEqual([1, true]);
    expect(schemaErrors(first.report)).toEqual([]);
    expect(first.report.changes.length).toBeGreaterThan(10);
    const once = fs.readFileSync(target, 'utf8');
    const second = await json('--write');
    expect([second.report.changes, second.report.templates[0].written]).toEqual([[], false]);
    expect(fs.readFileSync(target, 'utf8')).toBe(once);
    expect(fs.statSync(target).mode & 0o777).toBe(0o640);
    expect(fs.readdirSync(directory.path)).toEqual(['template.yaml']);
  });

  it('shows as a diff, which applies, exactly what it would write', async () => {
    put('template.yaml', BEFORE);
    const { stdout } = await run('--diff');
    put('written.yaml', BEFORE);
    await run('written.yaml', '--write');
    put('the.patch', stdout);
    const git = (...args: string[]) => spawnSync('git', args, { cwd: directory.path, encoding: 'utf8' });
    git('init', '-q');
    expect(git('apply', 'the.patch')).toMatchObject({ stderr: '', status: 0 });
    const text = (name: string) => fs.readFileSync(path.join(directory.path, name), 'utf8');
    expect(text('template.yaml')).toBe(text('written.yaml'));
  });

  it('writes SARIF, JUnit and annotations', async () => {
    put('template.yaml', BEFORE);
    const sarif = JSON.parse((await run('--format', 'sarif')).stdout);
    expect(sarif.runs[0].results[0].locations[0].physicalLocation).toMatchObject({
      artifactLocation: { uri: 'template.yaml' },
      region: { startLine: expect.any(Number), startColumn: expect.any(Number) },
    });
    const junit = (await run('--format', 'junit')).stdout;
    expect(junit).toMatch(/<testsuite name="template.yaml" tests="\d+" failures="[1-9]/);
    const github = (await run('--format', 'github')).stdout.trim().split('\n');
    expect(
      github.every((line) =>
        /^::(error|warning) file=template\.yaml,line=\d+,col=\d+,title=cachao /.test(line),
      ),
    ).toBe(true);
  });

  it('accepts a baseline, and counts what is new', async () => {
    put('template.yaml', BEFORE);
    expect((await run('--update-baseline')).code).toBe(0);
    const { report } = await json('--strict');
    expect([report.exitCode, report.findings.every((finding: { muted: unknown }) => finding.muted)]).toEqual([
      0,
      true,
    ]);
    put('template.yaml', BEFORE.replace('Runtime: nodejs22.x', 'Runtime: nodejs16.x'));
    const { report: later } = await json();
    const counted = later.findings.filter((finding: { muted: unknown }) => !finding.muted);
    expect([later.exitCode, new Set(counted.map((finding: { id: string }) => finding.id))]).toEqual([
      1,
      new Set(['function.runtime']),
    ]);
  });

  it('chooses rules, and knows a mistyped one', async () => {
    put('template.yaml', BEFORE);
    const { report } = await json('--only', 'alarm', '--skip', 'alarm.webhook');
    expect(new Set(report.findings.map((finding: { id: string }) => finding.id))).toEqual(
      new Set(['alarm.function-errors', 'alarm.loss']),
    );
    const wrong = await run('--only', 'alarm.los');
    expect([wrong.code, wrong.stdout]).toEqual([2, '']);
    expect(wrong.stderr).toContain('Did you mean alarm.loss?');
  });

  it.each([
    [
      'a file that is not there',
      'nope.yaml',
      undefined,
      'TEMPLATE_NOT_FOUND',
      'nope.yaml: there is no such file',
    ],
    ['an empty file', 'a.yaml', ' \n', 'TEMPLATE_EMPTY', 'a.yaml: the file is empty'],
    [
      'a binary',
      'a.yaml',
      Buffer.from([0x50, 0x4b, 3, 4, 0, 0, 0xff]),
      'TEMPLATE_BINARY',
      'a.yaml: this is no',
    ],
    ['broken YAML', 'a.yaml', 'Resources:\n  A: [1\n  B: 2\n', 'TEMPLATE_SYNTAX', 'a.yaml:3:'],
    ['broken JSON', 'a.json', '{"Resources": {,}}', 'TEMPLATE_SYNTAX', 'a.json:1:16'],
    [
      'a key twice',
      'a.yaml',
      'Resources:\n  A: {Type: X}\n  A: {Type: Y}\n',
      'TEMPLATE_KEY_TWICE',
      'a.yaml:3:3: "A"',
    ],
    ['an unknown tag', 'a.yaml', 'Resources:\n  A: !Reff B\n', 'TEMPLATE_TAG_UNKNOWN', 'Did you mean !Ref?'],
    ['something else', 'a.yaml', 'services:\n  web: {}\n', 'TEMPLATE_NO_RESOURCES', 'a.yaml:1:1'],
    [
      'more than CloudFormation takes',
      'a.yaml',
      `Resources: {}\n${'# x\n'.repeat(300_000)}`,
      'TEMPLATE_TOO_LARGE',
      '1,200,014',
    ],
  ])('tells %s in plain words, with its place', async (_what, name, content, code, words) => {
    const target = content === undefined ? undefined : put(name, content);
    const result = await run(name, '--write');
    expect([result.code, result.stdout]).toEqual([2, '']);
    expect(result.stderr.replace(/\s+/g, ' ')).toContain(words);
    expect(result.stderr).toContain(`Code: ${code}`);
    expect(result.stderr).not.toMatch(/\n\s+at .*:\d+/);
    if (target) expect(fs.readFileSync(target)).toEqual(Buffer.from(content as string));
  });

  it('reads every template in a directory, and nothing else that stands there', async () => {
    put('cdk.out/Shop.template.json', read('test/fixtures/checklist/before.cfn.json'));
    put('cdk.out/manifest.json', '{"version":"36.0.0","Resources":{"Type":"AWS::SQS::Queue"}}');
    put('cdk.out/nested/template.yaml', OURS);
    const { report } = await json('cdk.out', '--write');
    expect(report.templates.map((one: { file: string }) => one.file)).toEqual([
      'cdk.out/Shop.template.json',
      'cdk.out/nested/template.yaml',
    ]);
    // The next synth would make it anew.
    expect(report.changes).toEqual([]);
    expect(report.templates[0].notes[0]).toContain('cdk synth makes this file');
  });

  it('says what a directory lacks', async () => {
    put('empty/serverless.yml', 'service: shop\nprovider: { name: aws }\n');
    const { code, stderr } = await run('empty');
    expect(code).toBe(2);
    expect(stderr.replace(/\s+/g, ' ')).toContain('there is no template in this directory');
  });

  it('reads standard input', async () => {
    const given = await cachao(['audit', '-', '--json'], { cwd: directory.path, input: BEFORE });
    expect(given.code).toBe(1);
    const report = JSON.parse(given.stdout);
    expect(report.templates[0].path.rules).toEqual(['StripeEventBridgeHandlerStripeEventBridge']);
    expect((await run('-', '--write')).code).toBe(2);
  });

  it.each([
    ['serverless.yml', 'service: shop\nprovider:\n  name: aws\n', 'npx serverless package'],
    ['main.tf', 'resource "aws_lambda_function" "hook" {\n}\n', 'cachao doctor'],
    ['samconfig.toml', '[default.deploy.parameters]\nstack_name = "shop"\n', 'cachao audit template.yaml'],
    ['cdk.json', '{"app": "npx ts-node bin/shop.ts"}', 'npx cdk synth'],
  ])('says of %s what to give instead', async (name, content, next) => {
    put(name, content);
    const { code, stderr } = await run(name);
    expect([code, stderr]).toEqual([2, expect.stringContaining('TEMPLATE_OTHER_KIND')]);
    expect(stderr).toContain(next);
  });

  it('reads a template, whatever its file is called', async () => {
    put('serverless.json', read('test/fixtures/audit/serverless.json'));
    expect((await run('serverless.json')).code).toBe(1);
  });

  it('takes a hint for what nothing speaks for, and refuses one that meets nothing', async () => {
    put(
      'template.yaml',
      'Transform: AWS::Serverless-2016-10-31\nResources:\n  Inbox:\n    Type: AWS::Serverless::Function\n    Properties:\n      Runtime: nodejs16.x\n      Events: { Any: { Type: HttpApi, Properties: { Path: /in, Method: post } } }\n',
    );
    expect((await run('template.yaml')).stdout).toContain('--handler Inbox');
    const { report } = await json('template.yaml', '--webhook', '/in');
    expect(report.templates[0].path.recognised).toEqual([
      { kind: 'webhook', name: '/in', certainty: 'sure', because: ['you named it'] },
    ]);
    expect(report.findings.map((one: { id: string }) => one.id)).toContain('alarm.function-errors');
    const wrong = await run('template.yaml', '--handler', 'Inbux');
    expect([wrong.code, wrong.stderr]).toEqual([2, expect.stringContaining('Did you mean Inbox?')]);
  });

  it('tells of what can be read beside what cannot', async () => {
    put('template.yaml', BEFORE);
    const { code, stdout, stderr } = await run('template.yaml', 'nope.yaml');
    expect(code).toBe(2);
    expect(stdout).toContain('stands on default');
    expect(stderr).toContain('nope.yaml');
  });

  it('loads no SDK', () => {
    const built = path.join(BUILT, 'commands', 'audit.js');
    const seen = new Set<string>();
    const follow = (file: string): void => {
      if (seen.has(file)) return;
      seen.add(file);
      const imported = fs.readFileSync(file, 'utf8').matchAll(/(?:import|from)\s*"(\.[^"]+)"/g);
      for (const [, target = ''] of imported) follow(path.resolve(path.dirname(file), target));
    };
    follow(built);
    const loaded = [...seen].map((file) => fs.readFileSync(file, 'utf8')).join('');
    expect(seen.size).toBeGreaterThan(3);
    expect(loaded).not.toMatch(/X-Amz-Target|aws-sdk|api\.stripe\.com/i);
  });
});
