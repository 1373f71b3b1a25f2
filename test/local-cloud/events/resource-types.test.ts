import {
  DescribeEventBusCommand,
  DisableRuleCommand,
  ListTagsForResourceCommand,
  ListTargetsByRuleCommand,
} from '@aws-sdk/client-eventbridge';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { stackContext, typeNamed } from '../stack-context.js';
import { ACCOUNT, FUNCTION, RULE_ARN, type Shop, SOURCE, startShop } from './shop.js';

let shop: Shop;

beforeEach(async () => {
  shop = await startShop();
  await shop.source();
});

afterEach(() => shop.close());

const BUS_ARN = `arn:aws:events:eu-west-1:${ACCOUNT}:event-bus/${SOURCE}`;
const ruleProperties = {
  Name: 'paid',
  EventBusName: SOURCE,
  State: 'ENABLED',
  Description: 'payments',
  EventPattern: { source: [SOURCE], 'detail-type': ['checkout.session.completed'] },
  Targets: [
    { Id: 'orders', Arn: FUNCTION, RetryPolicy: { MaximumRetryAttempts: 3, MaximumEventAgeInSeconds: 3600 } },
  ],
  Tags: [{ Key: 'stage', Value: 'test' }],
};

test('AWS::Events::EventBus makes the source ACTIVE, and deleting it PENDING again', async () => {
  const context = stackContext(shop.cloud);
  const type = typeNamed(shop.cloud, 'AWS::Events::EventBus');
  const properties = { Name: SOURCE, EventSourceName: SOURCE, Description: 'payments' };
  expect(await type.create(properties, context)).toEqual({
    physicalId: SOURCE,
    attributes: { Arn: BUS_ARN, Name: SOURCE },
  });
  expect(shop.partner.sourceStatus(shop.sourceArn)).toBe('active');
  expect(await type.read(SOURCE, properties, context)).toEqual(properties);
  await expect(type.create(properties, context)).rejects.toMatchObject({
    code: 'ResourceAlreadyExistsException',
  });
  await type.update(
    SOURCE,
    { Name: SOURCE, EventSourceName: SOURCE, Description: 'changed' },
    properties,
    context,
  );
  expect((await shop.events.send(new DescribeEventBusCommand({ Name: SOURCE }))).Description).toBe('changed');
  await type.delete(SOURCE, properties, context);
  expect(shop.partner.sourceStatus(shop.sourceArn)).toBe('pending');
  expect(await type.read(SOURCE, properties, context)).toBeUndefined();
});

test('AWS::Events::Rule is bus|rule on a partner bus, with targets and tags; drift is seen', async () => {
  await shop.bus();
  const context = stackContext(shop.cloud);
  const type = typeNamed(shop.cloud, 'AWS::Events::Rule');
  const made = await type.create(ruleProperties, context);
  expect(made).toEqual({ physicalId: `${SOURCE}|paid`, attributes: { Arn: RULE_ARN } });
  expect(await type.read(made.physicalId, ruleProperties, context)).toEqual(ruleProperties);
  const { Tags } = await shop.events.send(new ListTagsForResourceCommand({ ResourceARN: RULE_ARN }));
  expect(Tags).toContainEqual({ Key: 'aws:cloudformation:stack-name', Value: 'shop' });

  await shop.events.send(new DisableRuleCommand({ Name: 'paid', EventBusName: SOURCE }));
  expect(await type.read(made.physicalId, ruleProperties, context)).toEqual({
    ...ruleProperties,
    State: 'DISABLED',
  });

  const next = { ...ruleProperties, Targets: [{ Id: 'other', Arn: FUNCTION }] };
  await type.update(made.physicalId, next, ruleProperties, context);
  const { Targets } = await shop.events.send(
    new ListTargetsByRuleCommand({ Rule: 'paid', EventBusName: SOURCE }),
  );
  expect(Targets).toEqual([{ Id: 'other', Arn: FUNCTION }]);
  await expect(type.create(ruleProperties, context)).rejects.toMatchObject({ code: 'AlreadyExists' });

  await type.delete(made.physicalId, next, context);
  await type.delete(made.physicalId, next, context);
  expect(await type.read(made.physicalId, ruleProperties, context)).toBeUndefined();
});

test('a rule on the default bus is referred to by its name alone', async () => {
  const { Name: _, EventBusName: __, ...properties } = ruleProperties;
  const made = await typeNamed(shop.cloud, 'AWS::Events::Rule').create(
    properties,
    stackContext(shop.cloud, 'PaidRule'),
  );
  expect(made).toEqual({
    physicalId: 'shop-PaidRule-ABCDEF123456',
    attributes: { Arn: `arn:aws:events:eu-west-1:${ACCOUNT}:rule/shop-PaidRule-ABCDEF123456` },
  });
});

test('AWS::Events::Archive and AWS::Events::EventBusPolicy are created, read, changed and deleted', async () => {
  await shop.bus();
  const context = stackContext(shop.cloud, 'Archive');
  const archive = typeNamed(shop.cloud, 'AWS::Events::Archive');
  const properties = { SourceArn: BUS_ARN, RetentionDays: 30, EventPattern: { source: [SOURCE] } };
  const made = await archive.create(properties, context);
  expect(made.physicalId).toBe('shop-Archive-ABCDEF123456');
  expect(await archive.read(made.physicalId, properties, context)).toEqual(properties);
  await archive.update(made.physicalId, { ...properties, RetentionDays: 7 }, properties, context);
  expect(await archive.read(made.physicalId, properties, context)).toEqual({
    ...properties,
    RetentionDays: 7,
  });
  await archive.delete(made.physicalId, properties, context);
  expect(await archive.read(made.physicalId, properties, context)).toBeUndefined();

  const policy = typeNamed(shop.cloud, 'AWS::Events::EventBusPolicy');
  const Statement = {
    Effect: 'Allow',
    Principal: { Service: 'events.amazonaws.com' },
    Action: 'events:PutEvents',
    Resource: '*',
  };
  const stated = { EventBusName: 'default', StatementId: 'forward', Statement };
  const put = await policy.create(stated, context);
  expect(await policy.read(put.physicalId, stated, context)).toEqual(stated);
  await policy.delete(put.physicalId, stated, context);
  expect(await policy.read(put.physicalId, stated, context)).toBeUndefined();
});
