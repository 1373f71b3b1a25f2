import { CreatePolicyCommand, CreateRoleCommand, IAMClient, PutRolePolicyCommand } from '@aws-sdk/client-iam';
import { afterAll, describe, expect, it } from 'vitest';
import { startTestCloud, type TestCloud } from '../support/local-cloud.js';
import { cachao, workingDirectory } from './support/cli.js';
import { environmentFor } from './support/clouds.js';
import { confine, printedPolicy, told } from './support/least-privilege.js';
import { savedSetUp } from './support/saved-world.js';
import { schemaErrors } from './support/schema.js';

describe('cachao policy', () => {
  const directory = workingDirectory();
  afterAll(() => directory.remove());
  const run = (args: string[], environment: Record<string, string> = {}) =>
    cachao(['policy', ...args], { cwd: directory.path, environment });
  const policy = async (args: string[], environment: Record<string, string> = {}) => {
    const { stdout, code } = await run([...args, '--json'], environment);
    const report = JSON.parse(stdout);
    expect(schemaErrors(report)).toEqual([]);
    expect(code).toBe(0);
    return report;
  };
  const document = async (args: string[], environment: Record<string, string>) => {
    const { stdout } = await run(args, environment);
    expect(JSON.parse(stdout).Version).toBe('2012-10-17');
    return stdout;
  };

  it('works without credentials and without a region, and says what to put in', async () => {
    const { code, stdout } = await run(['--for', 'checkout']);
    expect(code).toBe(0);
    expect(stdout).toContain('arn:aws:lambda:REGION:ACCOUNT_ID:function:cachao-dev-*');
    expect(stdout).toContain('rak_checkout_session_write');
    expect(stdout).toContain('Neither AWS account nor region are known');
    const report = await policy(['--for', 'checkout', '--region', 'eu-west-1', '--stage', 'prod']);
    expect(JSON.stringify(report.policies)).toContain('eu-west-1:ACCOUNT_ID:stack/cachao-prod/*');
  });

  it('prints one policy as plain JSON, and says which there are', async () => {
    const region = ['--region', 'eu-central-1'];
    expect(await document(['--part', 'cloudformation', ...region], {})).toContain('iam:CreateRole');
    const { code, stderr } = await run(['--for', 'checkout', '--part', 'cloudformation', ...region]);
    expect(stderr).toContain('There is no part cloudformation');
    expect(code).toBe(2);
  });

  it('lets CloudFormation work through a role of its own, and bounds the deployed roles', async () => {
    const cloud = await startTestCloud();
    try {
      const { role, boundary } = await makeRoleAndBoundary(cloud);
      const settings = ['--deploy-role', role, '--permissions-boundary', boundary];
      const { policies, stripe } = await policy(
        ['--for', 'setup', '--deploy-role', role],
        environmentFor(cloud),
      );
      const own = policies.filter(({ part }: { part: string }) => part === 'cachao');
      expect(JSON.stringify(own)).not.toContain('lambda:CreateFunction');
      const statements = own.flatMap((one: { document: { Statement: unknown[] } }) => one.document.Statement);
      const confined = await confine(cloud, { statements, stripe });
      const setup = await cachao(['setup', '--yes', '--json', ...settings], {
        cwd: directory.path,
        environment: confined,
      });
      expect(setup.code, told(setup).slice(-2000)).toBe(0);
      expect(JSON.parse(setup.stdout).checkout.passed).toBe(true);
      const roles = cloud.cloud.store.table<{ name: string; boundary?: string }>('iam.roles').values();
      const deployed = roles.filter(({ name }) => name.startsWith('cachao-dev-'));
      expect(deployed.length).toBeGreaterThanOrEqual(3);
      expect(new Set(deployed.map((one) => one.boundary))).toEqual(new Set([boundary]));
    } finally {
      await cloud.close();
    }
  });

  it('is enough for a stage whose name CloudFormation cuts in the names that it gives', async () => {
    const cloud = await startTestCloud();
    const stage = ['--stage', 'staging-eu-west-shop'];
    try {
      const allowed = await printedPolicy(cloud, 'setup', directory.path, stage);
      const environment = await confine(cloud, allowed);
      const setup = await cachao(['setup', '--yes', '--json', ...stage], {
        cwd: directory.path,
        environment,
      });
      expect(setup.code, told(setup).slice(-2000)).toBe(0);
      const names = cloud.cloud.store.table<{ name: string }>('events.archives').values();
      expect(names.map(({ name }) => name)).toEqual([
        expect.stringMatching(/^cachao-staging-eu-StripeEventArchiv-[A-Z0-9]{12}$/),
      ]);
    } finally {
      await cloud.close();
    }
  });

  it('lets replay-dlq have the archive sent once more', async () => {
    const cloud = await (await savedSetUp()).start();
    try {
      const environment = await confine(cloud, await printedPolicy(cloud, 'replay-dlq', directory.path));
      const args = ['--from-archive', '--since', '1h', '--yes', '--json'];
      const replay = await cachao(['replay-dlq', ...args], { cwd: directory.path, environment });
      expect(replay.code, told(replay).slice(-2000)).toBe(0);
    } finally {
      await cloud.close();
    }
  });

  async function makeRoleAndBoundary(cloud: TestCloud): Promise<{ role: string; boundary: string }> {
    const iam = new IAMClient(cloud.client);
    const role = 'arn:aws:iam::123456789012:role/deploy';
    await iam.send(
      new CreateRoleCommand({
        RoleName: 'deploy',
        AssumeRolePolicyDocument: JSON.stringify({
          Version: '2012-10-17',
          Statement: [
            {
              Effect: 'Allow',
              Principal: { Service: 'cloudformation.amazonaws.com' },
              Action: 'sts:AssumeRole',
            },
          ],
        }),
      }),
    );
    const PolicyDocument = await document(
      ['--part', 'deploy-role', '--deploy-role', role],
      environmentFor(cloud),
    );
    await iam.send(new PutRolePolicyCommand({ RoleName: 'deploy', PolicyName: 'deploy', PolicyDocument }));
    const made = await iam.send(
      new CreatePolicyCommand({
        PolicyName: 'cachao-boundary',
        PolicyDocument: await document(['--part', 'boundary'], environmentFor(cloud)),
      }),
    );
    return { role, boundary: made.Policy?.Arn ?? '' };
  }
});
