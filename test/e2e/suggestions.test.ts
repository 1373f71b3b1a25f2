import type { ChildProcess } from 'node:child_process';
import { copyFileSync, mkdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { DisableRuleCommand, EventBridgeClient } from '@aws-sdk/client-eventbridge';
import { ListQueuesCommand, SQSClient } from '@aws-sdk/client-sqs';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Finding } from '../../src/core/finding.js';
import type { TestCloud } from '../support/local-cloud.js';
import { commandsToType, ROOT, words } from '../support/suggested-commands.js';
import type { SavedWorld } from '../support/worlds.js';
import { type CliResult, cachao, workingDirectory } from './support/cli.js';
import { environmentFor } from './support/clouds.js';
import { told } from './support/least-privilege.js';
import { savedSetUp } from './support/saved-world.js';

/** Ends that say: this command could not even begin. */
const UNUSABLE = [2, 3, 4];
/** They change something: they come after those that look, and are agreed to. */
const CHANGES = /--fix|--apply|cachao (setup|replay-dlq(?! .*--(list|dry-run|show)))/;

/** A stage that is nobody's default, broken on one path: whatever forgets `--stage` finds nothing. */
describe('the commands that a run suggests', () => {
  const directory = workingDirectory();
  let saved: SavedWorld;
  let cloud: TestCloud;
  beforeAll(async () => {
    saved = await savedSetUp(['--stage', 'shop']);
    cloud = await saved.start();
    await breakStage(cloud);
  });
  afterAll(async () => {
    await cloud?.close();
    await directory.remove();
  });

  const run = (argv: string[]): Promise<CliResult> =>
    cachao(argv, { cwd: directory.path, environment: environmentFor(cloud) });

  it('work as they are printed, and leave nothing worse', async () => {
    const suggested = new Set<string>();
    for (const argv of [
      ['doctor', '--stage', 'shop', '--json'],
      ['replay-dlq', '--list', '--stage', 'shop'],
      ['checkout', '--timeout', '3', '--stage', 'shop', '--json'],
    ])
      for (const command of suggestedBy(await run(argv))) suggested.add(command);
    expect([...suggested].filter((command) => !command.includes('--stage shop'))).toEqual([]);
    const all = [...suggested].filter((command) => !/ ID\b/.test(command));
    const names = [...new Set(all.map((command) => command.split(' ')[1]))].sort();
    expect(names).toEqual(expect.arrayContaining(['doctor', 'reconcile', 'replay-dlq', 'trace']));
    const looking = all.filter((command) => !CHANGES.test(command));
    for (const command of [...looking, ...all.filter((one) => !looking.includes(one))]) {
      const yes = CHANGES.test(command) && !command.includes('reconcile') ? ['--yes'] : [];
      const result = await run([...command.split(' ').slice(1), ...yes]);
      expect({ command, unusable: UNUSABLE.includes(result.code ?? 3), told: told(result) }).toMatchObject({
        unusable: false,
        told: expect.not.stringContaining('DEFECT'),
      });
    }
    const doctor = await run(['doctor', '--stage', 'shop', '--only', 'eventbridge.rule-enabled', '--json']);
    expect(doctor.code).toBe(0);
  });
});

/** In the order of a stage's life: what takes it away comes last. */
const LAST = /cachao (rotate-secret|destroy)/;
/** They run until Ctrl-C. */
const ENDLESS = /--watch|cachao local$/;
const LOOKS =
  /--(dry-run|list|no-execute|diff)|cachao (audit|policy|trace|doctor(?! --fix)|reconcile(?! .*--apply))/;

describe('the commands that README and the pages tell to type', () => {
  const directory = workingDirectory();
  let cloud: TestCloud;
  beforeAll(async () => {
    const saved = await savedSetUp();
    cloud = await saved.start();
    mkdirSync(path.join(directory.path, 'cdk.out'));
    for (const file of ['template.yaml', 'cdk.out/template.yaml'])
      copyFileSync(path.join(ROOT, 'infra/template.yaml'), path.join(directory.path, file));
  });
  afterAll(async () => {
    await cloud?.close();
    await directory.remove();
  });

  async function type(command: string): Promise<CliResult> {
    const agreed = LOOKS.test(command) ? [] : ['--yes'];
    const taken = command.startsWith('cachao destroy') && agreed.length > 0 ? ['--allow-deletions'] : [];
    const argv = [...words(command).slice(1), ...new Set([...agreed, ...taken])];
    const end = (child: ChildProcess) =>
      child.stdout?.once('data', () => ENDLESS.test(command) && child.kill('SIGINT'));
    return cachao(argv, {
      cwd: directory.path,
      environment: environmentFor(cloud),
      ...(command.endsWith(' -')
        ? { input: readFileSync(path.join(ROOT, 'infra/template.yaml'), 'utf8') }
        : {}),
      ...(ENDLESS.test(command) ? { started: end } : {}),
    });
  }

  it('work on a stage that is set up, one after the other', async () => {
    // What is said of the local clouds has tests of its own.
    const typed = commandsToType().filter((command) => !command.includes('--local'));
    expect(typed.length).toBeGreaterThan(25);
    const stages = (command: string) => (LAST.test(command) && !LOOKS.test(command) ? 1 : 0);
    for (const command of typed.toSorted((one, other) => stages(one) - stages(other))) {
      const result = await type(command);
      expect({ command, unusable: UNUSABLE.includes(result.code ?? 3), told: told(result) }).toMatchObject({
        unusable: false,
        told: expect.not.stringContaining('DEFECT'),
      });
    }
  });
});

async function breakStage(cloud: TestCloud): Promise<void> {
  const rule = cloud.cloud.store
    .table<{ arn: string; name: string; bus: string }>('events.rules')
    .values()
    .find(({ name }) => !name.startsWith('Events-Archive'));
  const bridge = new EventBridgeClient(cloud.client);
  await bridge.send(new DisableRuleCommand({ Name: rule?.name ?? '', EventBusName: rule?.bus ?? '' }));
  const { QueueUrls = [] } = await new SQSClient(cloud.client).send(new ListQueuesCommand({}));
  const name = QueueUrls.find((url) => url.includes('DeliveryFailuresQueue'))
    ?.split('/')
    .at(-1);
  cloud.cloud.port('sqs').send({
    queueArn: `arn:aws:sqs:eu-west-1:123456789012:${name}`,
    body: 'hello',
    attributes: {},
    principal: { kind: 'service', service: 'events.amazonaws.com' },
    sourceArn: rule?.arn ?? '',
  });
}

/** Of a JSON document what stands in its members; of a text each command that stands on a line of its own. */
function suggestedBy({ stdout }: CliResult): string[] {
  if (!stdout.startsWith('{'))
    return [...stdout.matchAll(/^ *(cachao .+?)(?: {2}.*)?$/gm)].map(([, command = '']) => command);
  const { findings, next = [] } = JSON.parse(stdout) as { findings: Finding[]; next?: string[] };
  return [...findings.flatMap(({ remedy }) => remedy?.commands ?? []), ...next];
}
