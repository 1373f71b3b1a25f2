import { PutTargetsCommand } from '@aws-sdk/client-eventbridge';
import { CreateRoleCommand, IAMClient, PutRolePolicyCommand } from '@aws-sdk/client-iam';
import { SendMessageCommand, SetQueueAttributesCommand, SQSClient } from '@aws-sdk/client-sqs';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { clientConfiguration } from '../../support/local-cloud.js';
import { ACCOUNT, FUNCTION, type Shop, SOURCE, startShop } from './shop.js';

let shop: Shop;
let iam: IAMClient;

beforeEach(async () => {
  shop = await startShop();
  iam = new IAMClient(shop.client);
});

afterEach(() => shop.close());

const policy = (Statement: object) => JSON.stringify({ Version: '2012-10-17', Statement: [Statement] });
const trust = (Service: string) =>
  policy({ Effect: 'Allow', Principal: { Service }, Action: 'sts:AssumeRole' });
const defaultBus = `arn:aws:events:eu-west-1:${ACCOUNT}:event-bus/default`;

test.each([
  ['lambda.amazonaws.com', 'events:PutEvents', 0, 'FAILED_TO_ASSUME_ROLE'],
  ['events.amazonaws.com', 'events:ListRules', 0, 'NO_PERMISSIONS'],
  ['events.amazonaws.com', 'events:PutEvents', 1, undefined],
])('forwarding with a role that %s may assume and that may %s', async (service, Action, arrived, reason) => {
  await shop.source();
  await shop.bus();
  const dlq = await shop.queue('dlq');
  await iam.send(new CreateRoleCommand({ RoleName: 'forward', AssumeRolePolicyDocument: trust(service) }));
  const PolicyDocument = policy({ Effect: 'Allow', Action, Resource: defaultBus });
  await iam.send(new PutRolePolicyCommand({ RoleName: 'forward', PolicyName: 'put', PolicyDocument }));
  const RoleArn = `arn:aws:iam::${ACCOUNT}:role/forward`;
  await shop.rule([{ Id: 'forward', Arn: defaultBus, RoleArn, DeadLetterConfig: { Arn: dlq } }]);
  await shop.rule([{ Id: 'orders', Arn: FUNCTION }], 'default');
  shop.stripeSends();
  await shop.clock.advance(2000);
  expect(shop.invoked).toHaveLength(arrived);
  const [message] = await shop.messages('dlq');
  expect(message?.MessageAttributes?.ERROR_CODE?.StringValue).toBe(reason);
});

test('an event that was forwarded once goes no further', async () => {
  await shop.source();
  await shop.bus();
  const dlq = await shop.queue('dlq');
  await iam.send(
    new CreateRoleCommand({ RoleName: 'forward', AssumeRolePolicyDocument: trust('events.amazonaws.com') }),
  );
  const PolicyDocument = policy({ Effect: 'Allow', Action: 'events:PutEvents', Resource: '*' });
  await iam.send(new PutRolePolicyCommand({ RoleName: 'forward', PolicyName: 'put', PolicyDocument }));
  const target = {
    Id: 'forward',
    RoleArn: `arn:aws:iam::${ACCOUNT}:role/forward`,
    DeadLetterConfig: { Arn: dlq },
  };
  await shop.rule([{ ...target, Arn: defaultBus }]);
  await shop.rule([{ ...target, Arn: defaultBus }], 'default');
  shop.stripeSends();
  await shop.clock.advance(5000);
  const codes = (await shop.messages('dlq')).map(
    ({ MessageAttributes }) => MessageAttributes?.ERROR_CODE?.StringValue,
  );
  expect(codes).toEqual(['THIRD_ACCOUNT_HOP_DETECTED']);
});

test('a role may send where the queue policy names it, though its own policies say nothing', async () => {
  const arn = await shop.queue('orders', false);
  await iam.send(
    new CreateRoleCommand({ RoleName: 'sender', AssumeRolePolicyDocument: trust('lambda.amazonaws.com') }),
  );
  const roleArn = `arn:aws:iam::${ACCOUNT}:role/sender`;
  const keys = shop.cloud.port('iam').session(roleArn, 'test');
  const asRole = new SQSClient(clientConfiguration(shop.url, keys));
  const QueueUrl = `${shop.url}/${ACCOUNT}/orders`;
  const send = () => asRole.send(new SendMessageCommand({ QueueUrl, MessageBody: 'x' }));
  await expect(send()).rejects.toMatchObject({
    name: 'AccessDenied',
    message: expect.stringContaining('sqs:SendMessage'),
  });
  const Policy = policy({
    Effect: 'Allow',
    Principal: { AWS: roleArn },
    Action: 'sqs:SendMessage',
    Resource: arn,
  });
  await shop.sqs.send(new SetQueueAttributesCommand({ QueueUrl, Attributes: { Policy } }));
  await send();
});

test('handing a role to a rule needs iam:PassRole', async () => {
  await shop.source();
  await shop.bus();
  await shop.rule([{ Id: 'orders', Arn: FUNCTION }]);
  await iam.send(
    new CreateRoleCommand({ RoleName: 'editor', AssumeRolePolicyDocument: trust('lambda.amazonaws.com') }),
  );
  const editor = `arn:aws:iam::${ACCOUNT}:role/editor`;
  const PolicyDocument = policy({ Effect: 'Allow', Action: 'events:*', Resource: '*' });
  await iam.send(new PutRolePolicyCommand({ RoleName: 'editor', PolicyName: 'edit', PolicyDocument }));
  const keys = shop.cloud.port('iam').session(editor, 'test');
  const { EventBridgeClient } = await import('@aws-sdk/client-eventbridge');
  const asEditor = new EventBridgeClient(clientConfiguration(shop.url, keys));
  const put = (more: object) =>
    asEditor.send(
      new PutTargetsCommand({
        Rule: 'paid',
        EventBusName: SOURCE,
        Targets: [{ Id: 'x', Arn: defaultBus, ...more }],
      }),
    );
  await put({});
  await expect(put({ RoleArn: editor })).rejects.toMatchObject({
    name: 'AccessDeniedException',
    message: expect.stringContaining('iam:PassRole'),
  });
});
