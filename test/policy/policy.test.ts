import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import { COMMAND_PERMISSIONS } from '../../src/policy/commands.js';
import { lengthOf } from '../../src/policy/document.js';
import { policyFor } from '../../src/policy/policy.js';

const TEMPLATE = fileURLToPath(new URL('../../infra/template.yaml', import.meta.url));
/** What AWS takes as a managed policy, white space not counted. */
const LONGEST = 6144;
/** With names as long as they may be. */
const SCOPE = {
  account: '123456789012',
  region: 'ap-southeast-1',
  stage: 'a-very-long-stage-01',
  stack: 'cachao-a-very-long-stage-01',
};
const ROLE = 'arn:aws:iam::123456789012:role/deploy';

describe.each([[] as string[], ...COMMAND_PERMISSIONS.map(({ command }) => [command])])(
  'the policies of %s',
  (...commands) => {
    it.each([null, ROLE])(
      'say what each action may be done on, in what AWS takes (deploy role %s)',
      async (deployRole) => {
        const { policies } = await policyFor(TEMPLATE, SCOPE, { commands, deployRole, boundary: false });
        for (const { part, document } of policies) {
          expect(lengthOf(document), part).toBeLessThan(LONGEST);
          expect(
            document.Statement.flatMap(({ Action }) => Action).filter((action) => /\*/.test(action)),
          ).toEqual([]);
        }
      },
    );
  },
);

/** What changes something, by the verbs of AWS. */
const WRITES =
  /:(Put|Create|Delete|Update|Pass|Set|Tag|Untag|Enable|Disable|Execute|Add|Remove|Associate|Activate|Send|Publish|Attach|Start|Change(?!MessageVisibility))/;

it('doctor only looks, unless it is to repair or to pay a test order', async () => {
  const of = async (...commands: string[]) => {
    const { policies, stripe } = await policyFor(TEMPLATE, SCOPE, {
      commands,
      deployRole: null,
      boundary: false,
    });
    const actions = policies.flatMap(({ document }) => document.Statement.flatMap(({ Action }) => Action));
    return { actions, stripe, names: policies.map(({ name }) => name) };
  };
  const looking = await of('doctor');
  expect(looking.actions.filter((action) => WRITES.test(action))).toEqual([]);
  expect(looking.stripe.filter((permission) => !permission.endsWith('_read'))).toEqual([]);
  expect(looking.actions).toContain('cloudwatch:DescribeAlarms');
  const fixing = await of('doctor --fix');
  expect(fixing.actions).toEqual(expect.arrayContaining([...looking.actions, 'events:EnableRule']));
  expect(fixing.stripe).toContain('rak_webhook_write');
  expect(fixing.names[0]).toBe('cachao-a-very-long-stage-01-doctor-fix');
  const paying = await of('doctor --end-to-end');
  expect(paying.stripe).toContain('rak_checkout_session_write');
  expect(paying.actions).not.toContain('events:EnableRule');
});

it('the boundary allows what the roles of the template allow, and nothing that deploys', async () => {
  const { policies } = await policyFor(TEMPLATE, SCOPE, { commands: [], deployRole: null, boundary: true });
  const actions = policies[0]?.document.Statement.flatMap(({ Action }) => Action) ?? [];
  expect(actions).toEqual(
    expect.arrayContaining(['ssm:GetParameter', 'sqs:SendMessage', 'logs:PutLogEvents']),
  );
  expect(actions.filter((action) => /^(iam|cloudformation|events):/.test(action))).toEqual([]);
});
