import { CloudFormationClient } from '@aws-sdk/client-cloudformation';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { changeSet, deploy } from '../cloudformation/deploying.js';
import { openShop, type Shop } from './shop.js';

const queue = (name: string, more: object = {}) => ({
  Resources: { Queue: { Type: 'AWS::SQS::Queue', Properties: { QueueName: name, ...more } } },
});
const CREATE = { StackName: 'shop', ChangeSetType: 'CREATE' } as const;

let shop: Shop;
let cloudformation: CloudFormationClient;
beforeEach(async () => {
  shop = await openShop({});
  cloudformation = new CloudFormationClient(shop.cloud.client);
});
afterEach(() => shop.close());

it('a first creation that fails leaves ROLLBACK_COMPLETE, which takes no update', async () => {
  const failed = await deploy(cloudformation, queue('orders', { DelaySeconds: 9999 }), CREATE);
  expect(failed.StackStatus).toBe('ROLLBACK_COMPLETE');
  const update = deploy(cloudformation, queue('orders'), { StackName: 'shop', ChangeSetType: 'UPDATE' });
  await expect(update).rejects.toThrow('is in ROLLBACK_COMPLETE state and can not be updated.');
});

it('a change set without changes FAILS, with a reason of its own', async () => {
  await deploy(cloudformation, queue('orders'), CREATE);
  const again = await changeSet(cloudformation, {
    StackName: 'shop',
    ChangeSetName: 'again',
    ChangeSetType: 'UPDATE',
    TemplateBody: JSON.stringify(queue('orders')),
  });
  expect(again.Status).toBe('FAILED');
  expect(again.StatusReason).toBe(
    "The submitted information didn't contain changes. Submit different information to create a change set.",
  );
});
