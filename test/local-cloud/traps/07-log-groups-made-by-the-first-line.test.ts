import {
  CloudFormationClient,
  DescribeEventsCommand,
  ExecuteChangeSetCommand,
} from '@aws-sdk/client-cloudformation';
import { CloudWatchLogsClient, DescribeLogGroupsCommand } from '@aws-sdk/client-cloudwatch-logs';
import { InvokeCommand } from '@aws-sdk/client-lambda';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { changeSet, events, settled } from '../cloudformation/deploying.js';
import { openShop, type Shop } from './shop.js';

const GROUP = '/aws/lambda/orders';
const TEMPLATE = {
  Resources: {
    Group: { Type: 'AWS::Logs::LogGroup', Properties: { LogGroupName: GROUP, RetentionInDays: 14 } },
  },
};

let shop: Shop;
let cloudformation: CloudFormationClient;
beforeEach(async () => {
  shop = await openShop({});
  cloudformation = new CloudFormationClient(shop.cloud.client);
  await shop.createFunction('orders', 'export const handler = async () => console.log("paid")');
});
afterEach(() => shop.close());

const run = () => shop.functions.send(new InvokeCommand({ FunctionName: 'orders' }));
const plan = () =>
  changeSet(cloudformation, {
    StackName: 'logs',
    ChangeSetType: 'CREATE',
    TemplateBody: JSON.stringify(TEMPLATE),
  });

it('a group exists, without retention, once its function has run', async () => {
  await run();
  const logs = new CloudWatchLogsClient(shop.cloud.client);
  const { logGroups } = await logs.send(new DescribeLogGroupsCommand({ logGroupNamePrefix: GROUP }));
  expect(logGroups).toMatchObject([{ logGroupName: GROUP }]);
  expect(logGroups?.[0]?.retentionInDays).toBeUndefined();
});

it('a stack that declares it when the function has run fails already as a plan', async () => {
  await run();
  const planned = await plan();
  expect(planned.Status).toBe('FAILED');
  expect(planned.StatusReason).toContain('ResourceExistenceCheck');
  const { OperationEvents } = await cloudformation.send(
    new DescribeEventsCommand({ ChangeSetName: planned.ChangeSetId }),
  );
  const reasons = OperationEvents?.map((event) => event.ValidationStatusReason ?? '').join();
  expect(reasons).toMatch(/already exists/i);
});

it('a function that runs between the plan and the deployment makes the stack fail', async () => {
  const planned = await plan();
  await run();
  await cloudformation.send(new ExecuteChangeSetCommand({ ChangeSetName: planned.ChangeSetId }));
  expect((await settled(cloudformation, 'logs')).StackStatus).toBe('ROLLBACK_COMPLETE');
  const failed = (await events(cloudformation, 'logs')).find((one) => one.ResourceStatus === 'CREATE_FAILED');
  expect(failed?.ResourceStatusReason).toMatch(/already exists/i);
});
