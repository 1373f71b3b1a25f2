import { APIGatewayClient, GetResourcesCommand, PutIntegrationCommand } from '@aws-sdk/client-api-gateway';
import {
  DeleteArchiveCommand,
  DeleteEventBusCommand,
  DeleteRuleCommand,
  EventBridgeClient,
  RemoveTargetsCommand,
} from '@aws-sdk/client-eventbridge';
import { DeleteRolePolicyCommand, IAMClient, PutRolePolicyCommand } from '@aws-sdk/client-iam';
import {
  CreateEventSourceMappingCommand,
  DeleteEventSourceMappingCommand,
  GetFunctionConfigurationCommand,
  GetPolicyCommand,
  LambdaClient,
  ListEventSourceMappingsCommand,
  RemovePermissionCommand,
  UpdateFunctionConfigurationCommand,
} from '@aws-sdk/client-lambda';
import { createConnection } from 'mysql2/promise';
import { afterAll, beforeAll, describe } from 'vitest';
import { startProxy } from '../../handlers/support/flaky-proxy.js';
import { startTestCloud } from '../../support/local-cloud.js';
import { breakIt } from '../support/break-it.js';
import type { SetUpStage, StageOptions } from '../support/set-up-stage.js';

const lambda = (stage: SetUpStage) => new LambdaClient(stage.client);

/** Has the webhook's method invoke another function. */
async function integrate(stage: SetUpStage, functionArn: string): Promise<void> {
  const client = new APIGatewayClient(stage.client);
  const restApiId = stage.outputs.webhookApiId;
  const { items = [] } = await client.send(new GetResourcesCommand({ restApiId }));
  await client.send(
    new PutIntegrationCommand({
      restApiId,
      resourceId: items.find(({ path }) => path === stage.outputs.webhookPath)?.id,
      httpMethod: 'POST',
      type: 'AWS_PROXY',
      integrationHttpMethod: 'POST',
      uri: `arn:aws:apigateway:eu-west-1:lambda:path/2015-03-31/functions/${functionArn}/invocations`,
    }),
  );
}

const BY_HAND = 'takes-messages';

/** Has the operations function take what fails out of the rule's queue. */
async function takeMessages(stage: SetUpStage): Promise<void> {
  const { operationsFunctionArn: FunctionName, deliveryFailuresQueueArn: EventSourceArn } = stage.outputs;
  const Action = ['sqs:ReceiveMessage', 'sqs:DeleteMessage', 'sqs:GetQueueAttributes'];
  await new IAMClient(stage.client).send(
    new PutRolePolicyCommand({
      RoleName: await operationsRole(stage),
      PolicyName: BY_HAND,
      PolicyDocument: JSON.stringify({
        Version: '2012-10-17',
        Statement: [{ Effect: 'Allow', Action, Resource: EventSourceArn }],
      }),
    }),
  );
  await lambda(stage).send(new CreateEventSourceMappingCommand({ EventSourceArn, FunctionName }));
}

async function operationsRole(stage: SetUpStage): Promise<string> {
  const FunctionName = stage.outputs.operationsFunctionArn;
  const { Role = '' } = await lambda(stage).send(new GetFunctionConfigurationCommand({ FunctionName }));
  return Role.split('/').at(-1) ?? '';
}

async function stopTaking(stage: SetUpStage): Promise<void> {
  const RoleName = await operationsRole(stage);
  await new IAMClient(stage.client).send(new DeleteRolePolicyCommand({ RoleName, PolicyName: BY_HAND }));
  const FunctionName = stage.outputs.operationsFunctionArn;
  const { EventSourceMappings = [] } = await lambda(stage).send(
    new ListEventSourceMappingsCommand({ FunctionName }),
  );
  for (const { UUID } of EventSourceMappings)
    await lambda(stage).send(new DeleteEventSourceMappingCommand({ UUID }));
}

async function query(stage: SetUpStage, ...statements: string[]): Promise<void> {
  const { hostname: host, port, username, pathname } = new URL(stage.cloud.database.url);
  const connection = await createConnection({
    host,
    port: Number(port),
    user: username,
    password: stage.cloud.database.password,
    database: pathname.slice(1),
  });
  for (const statement of statements) await connection.query(statement);
  await connection.end();
}

describe('the database', () => {
  const options: StageOptions = {};
  let proxy: Awaited<ReturnType<typeof startProxy>>;
  beforeAll(async () => {
    const cloud = await startTestCloud();
    const { hostname: host, port, username, pathname } = new URL(cloud.database.url);
    proxy = await startProxy({ host, port: Number(port) });
    Object.assign(options, {
      cloud,
      settings: { database: `mysql://${username}@127.0.0.1:${proxy.port}${pathname}?tls=off` },
    });
  });
  afterAll(async () => {
    await proxy?.close();
    await options.cloud?.close();
  });

  breakIt(
    [
      {
        broken: 'The function cannot reach it',
        check: 'database.reachable',
        reason: /^the function cannot reach it: /,
        break: async () => proxy.outage(true),
        fixed: false,
        undo: async () => proxy.outage(false),
      },
      {
        broken: 'The ledger is not there',
        check: 'database.schema',
        reason: /migrations? (is|are) not applied: /,
        break: (stage) =>
          query(
            stage,
            'DROP TABLE stripe_event_arrivals',
            'DROP TABLE stripe_events',
            'DROP TABLE cachao_migrations',
          ),
        fixed: true,
        planned: /database migration/,
      },
      {
        broken: 'One table of the ledger was dropped',
        check: 'database.schema',
        reason: /^gone, though it was made: table stripe_event_arrivals$/,
        break: (stage) => query(stage, 'DROP TABLE stripe_event_arrivals'),
        fixed: true,
        planned: /apply 0002-stripe-event-arrivals; .*make again: table stripe_event_arrivals/,
      },
      {
        broken: 'The table of migrations was dropped, and what it tells of is there',
        check: 'database.schema',
        reason: /^\d migrations are not applied: 0001-stripe-events, /,
        break: (stage) => query(stage, 'DROP TABLE cachao_migrations'),
        fixed: true,
      },
      {
        broken: 'A test checkout was killed, and its order is left',
        check: 'database.test-orders',
        reason: /^left behind: /,
        break: (stage) =>
          query(
            stage,
            "INSERT INTO tickets (id, event_id, name, price) VALUES (9001, 1, 'left', '5.00')",
            "INSERT INTO ticket_orders (id, event_id, ticket_id, email, quantity, unit_price, total_amount, status) VALUES (9001, 1, 9001, 'test+left@cachao.invalid', 1, '5.00', '5.00', 'paid')",
            `INSERT INTO cachao_test_orders (run_id, order_id, ticket_id, amount_minor, made_rows, created_at, stage, over_at)
             VALUES ('left', '9001', '9001', 500, '[{"table":"tickets","column":"id","value":"9001"},{"table":"ticket_orders","column":"id","value":"9001"}]', '2026-01-01 00:00:00', 'dev', '2026-01-01 00:02:00')`,
          ),
        fixed: true,
        planned: /removal of a test order/,
      },
      {
        broken: "The shop's tables are missing, all of them",
        check: 'database.schema',
        reason: /^the shop's tables are missing: /,
        break: (stage) =>
          query(stage, 'DROP TABLE ticket_orders', 'DROP TABLE tickets', 'DROP TABLE discount_codes'),
        fixed: true,
        planned: /create ticket_orders, tickets, discount_codes, where all of them are absent/,
      },
    ],
    options,
  );
});

describe('the webhook and the bus', () => {
  let environment: Record<string, string> | undefined;
  breakIt([
    {
      broken: 'The bus was deleted, and the rule with it',
      check: 'eventbridge.bus',
      reason: /the partner event source is not associated: its event bus does not exist/,
      also: { 'eventbridge.rule': 'fail' },
      break: async (stage) => {
        const events = new EventBridgeClient(stage.client);
        const { eventBusName: EventBusName, ruleName: Rule } = stage.outputs;
        await events.send(new RemoveTargetsCommand({ EventBusName, Rule, Ids: ['stripe-event'] }));
        await events.send(new DeleteRuleCommand({ EventBusName, Name: Rule }));
        // An archive keeps a rule of its own on the bus.
        await events.send(new DeleteArchiveCommand({ ArchiveName: stage.outputs.archiveName }));
        await events.send(new DeleteEventBusCommand({ Name: EventBusName }));
      },
      fixed: true,
      planned: /associates the partner event source/,
      next: ['eventbridge.rule', 'eventbridge.archive'],
    },
    {
      broken: 'API Gateway may not invoke the webhook function any more',
      check: 'api.reachable',
      reason: /answered 50\d$/,
      rings: true,
      break: async (stage) => {
        const FunctionName = stage.outputs.webhookFunctionName;
        const { Policy = '{}' } = await lambda(stage).send(new GetPolicyCommand({ FunctionName }));
        for (const { Sid } of JSON.parse(Policy).Statement as { Sid: string }[])
          await lambda(stage).send(new RemovePermissionCommand({ FunctionName, StatementId: Sid }));
      },
      fixed: true,
      planned: /\+ StripeWebhookPermission, which was deleted by hand/,
    },
    {
      broken: 'The webhook leads to a function of the same name in another account',
      check: 'api.reachable',
      reason: /leads to arn:aws:lambda:eu-west-1:999999999999:\S+, which is not the webhook function$/,
      break: (stage) =>
        integrate(stage, (stage.outputs.webhookFunctionArn ?? '').replace('123456789012', '999999999999')),
      rings: true,
      fixed: true,
      planned: /StripePostMethod Integration/,
    },
    {
      broken: 'Failed events are taken out of a queue by another function',
      check: 'delivery.single-handler',
      reason: /^arn:aws:lambda:\S+OperationsFunction\S* already gets the same events$/,
      rings: true,
      break: takeMessages,
      fixed: false,
      undo: stopTaking,
    },
    {
      broken: 'The webhook function reads its secret elsewhere',
      check: 'api.signature',
      reason: /a probe signed with the stored secret got [45]\d\d/,
      also: { 'function.environment': 'fail' },
      rings: true,
      break: async (stage) => {
        const FunctionName = stage.outputs.webhookFunctionName;
        const found = await lambda(stage).send(new GetFunctionConfigurationCommand({ FunctionName }));
        environment = found.Environment?.Variables;
        await lambda(stage).send(
          new UpdateFunctionConfigurationCommand({
            FunctionName,
            Environment: {
              Variables: { ...environment, CACHAO_WEBHOOK_SECRET_PARAMETER: '/cachao/dev/database' },
            },
          }),
        );
      },
      fixed: true,
      planned: /~ StripeWebhookFunction Environment/,
    },
  ]);
});
