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

it('the boundary allows what the roles of the template allow, and nothing that deploys', async () => {
  const { policies } = await policyFor(TEMPLATE, SCOPE, { commands: [], deployRole: null, boundary: true });
  const actions = policies[0]?.document.Statement.flatMap(({ Action }) => Action) ?? [];
  expect(actions).toEqual(
    expect.arrayContaining(['ssm:GetParameter', 'sqs:SendMessage', 'logs:PutLogEvents']),
  );
  expect(actions.filter((action) => /^(iam|cloudformation|events):/.test(action))).toEqual([]);
});
