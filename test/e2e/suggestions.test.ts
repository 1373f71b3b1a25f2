import { DisableRuleCommand, EventBridgeClient } from '@aws-sdk/client-eventbridge';
import { ListQueuesCommand, SQSClient } from '@aws-sdk/client-sqs';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Finding } from '../../src/core/finding.js';
import type { TestCloud } from '../support/local-cloud.js';
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
