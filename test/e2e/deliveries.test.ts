import { EventBridgeClient, PutRuleCommand } from '@aws-sdk/client-eventbridge';
import { GetPolicyCommand, LambdaClient, RemovePermissionCommand } from '@aws-sdk/client-lambda';
import { PurgeQueueCommand, SetQueueAttributesCommand, SQSClient } from '@aws-sdk/client-sqs';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { HOUR, MINUTE, type Sale, Shop, until } from './support/shop.js';

interface Finding {
  id: string;
  outcome: string;
  summary: string;
  remedy: { commands: string[] } | null;
}

const OF_DELIVERY = ['eventbridge.deliveries', 'delivery.paths', 'delivery.complete', 'delivery.paid'];

/** What doctor says of how deliveries have been going, when one thing after the other breaks. Each has a day for itself. */
describe('the checks of deliveries', () => {
  let shop: Shop;
  beforeAll(async () => {
    shop = await Shop.open();
  });
  afterAll(() => shop.close());

  const look = async () => {
    const { findings } = await shop.json('doctor');
    return Object.fromEntries(
      (findings as Finding[]).filter(({ id }) => OF_DELIVERY.includes(id)).map((one) => [one.id, one]),
    );
  };
  const outcomes = (findings: Record<string, Finding>) =>
    Object.fromEntries(Object.entries(findings).map(([id, { outcome }]) => [id, outcome]));
  const HEALTHY = Object.fromEntries(OF_DELIVERY.map((id) => [id, 'pass']));

  it('pass before anything happens, and when everything is delivered', async () => {
    expect(outcomes(await look())).toEqual(HEALTHY);
    await shop.recorded(2, await shop.sell());
    await shop.pass(15 * MINUTE);
    const findings = await look();
    expect(outcomes(findings)).toEqual(HEALTHY);
    expect(findings['delivery.paths']?.summary).toBe('eventbridge 1 of 1, webhook 1 of 1');
    expect(findings['delivery.complete']?.summary).toBe('1 of 1 event of the last 24 h');
  });

  it('see an order that somebody set back', async () => {
    const sale = await shop.sell();
    await shop.recorded(2, sale);
    await shop.pass(15 * MINUTE);
    await shop.write("UPDATE ticket_orders SET status = 'pending' WHERE id = ?", [sale.orderId]);
    const findings = await look();
    expect(outcomes(findings)).toEqual({ ...HEALTHY, 'delivery.paid': 'fail' });
    expect(findings['delivery.paid']).toMatchObject({
      summary: '1 order not paid though Stripe took 12.50 EUR; 1 order not as the processed event says',
      remedy: { commands: ['cachao reconcile --stage dev'] },
    });
    await shop.write("UPDATE ticket_orders SET status = 'paid' WHERE id = ?", [sale.orderId]);
    expect(outcomes(await look())).toEqual(HEALTHY);
  });

  it('see what no path delivered', async () => {
    await shop.lost(async () => [await shop.sell()]);
    await shop.recorded(2, await shop.sell());
    await shop.pass(15 * MINUTE);
    const findings = await look();
    expect(outcomes(findings)).toEqual({
      'eventbridge.deliveries': 'pass',
      'delivery.paths': 'fail',
      'delivery.complete': 'fail',
      'delivery.paid': 'fail',
    });
    expect(findings['delivery.complete']?.remedy?.commands).toEqual(['cachao reconcile --apply --stage dev']);
    expect((await shop.run('reconcile', '--apply')).code).toBe(0);
    const repaired = await look();
    expect(outcomes(repaired)).toEqual({ ...HEALTHY, 'delivery.paths': 'warn' });
    expect(repaired['delivery.paths']?.summary).toContain('and delivers again');
  });

  it('see a rule that matches nothing although Stripe sends', async () => {
    await shop.pass(25 * HOUR);
    const { RuleName: Name, EventBusName } = await shop.outputs();
    await new EventBridgeClient(shop.cloud.client).send(
      new PutRuleCommand({ Name, EventBusName, State: 'ENABLED', EventPattern: '{"source":["stripe.com"]}' }),
    );
    const sale = await shop.sell();
    await shop.sent(sale);
    await shop.recorded(1, sale);
    await shop.pass(15 * MINUTE);
    const findings = await look();
    expect(outcomes(findings)).toEqual({
      ...HEALTHY,
      'eventbridge.deliveries': 'fail',
      'delivery.paths': 'fail',
    });
    expect(findings['eventbridge.deliveries']?.summary).toContain('and the rule has matched none');
    expect(findings['delivery.paths']?.summary).toMatch(
      /^eventbridge delivered none of 1 event, the last of them at /,
    );
    await new EventBridgeClient(shop.cloud.client).send(
      new PutRuleCommand({
        Name,
        EventBusName,
        State: 'ENABLED',
        EventPattern: JSON.stringify({ source: [EventBusName] }),
      }),
    );
  });

  it('see what EventBridge could not hand over, and what was lost even so', async () => {
    await shop.pass(25 * HOUR);
    const { EventFunctionName: FunctionName, DeliveryFailuresQueueUrl: QueueUrl } = await shop.outputs();
    const lambda = new LambdaClient(shop.cloud.client);
    const { Policy } = await lambda.send(new GetPolicyCommand({ FunctionName }));
    for (const { Sid } of JSON.parse(Policy ?? '{}').Statement as { Sid: string }[])
      await lambda.send(new RemovePermissionCommand({ FunctionName, StatementId: Sid }));
    const failed = async (summary: string, sale: Sale) => {
      await shop.sent(sale);
      const said = async () => (await look())['eventbridge.deliveries']?.summary.startsWith(summary) ?? false;
      await until(said, summary);
      return (await look())['eventbridge.deliveries'];
    };
    const first = await failed('1 of 1 could not be handed to the function', await shop.sell());
    expect(first).toMatchObject({
      outcome: 'fail',
      remedy: { commands: ['cachao replay-dlq --list --stage dev', 'cachao replay-dlq --stage dev'] },
    });
    await new SQSClient(shop.cloud.client).send(new PurgeQueueCommand({ QueueUrl }));
    expect((await look())['eventbridge.deliveries']).toMatchObject({
      outcome: 'warn',
      actual: '1 failed; they were kept, and none waits any more',
    });
    await new SQSClient(shop.cloud.client).send(
      new SetQueueAttributesCommand({ QueueUrl, Attributes: { Policy: '' } }),
    );
    const second = await failed(
      '1 of 2 failed deliveries reached no dead-letter queue: lost',
      await shop.sell(),
    );
    expect(second).toMatchObject({
      outcome: 'fail',
      remedy: { commands: ['cachao setup --stage dev', 'cachao reconcile --apply --stage dev'] },
    });
  });
});
