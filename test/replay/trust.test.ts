import {
  GetQueueAttributesCommand,
  SendMessageCommand,
  SetQueueAttributesCommand,
  SQSClient,
} from '@aws-sdk/client-sqs';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { sqsEvent } from '../../src/local-cloud/aws/lambda/event-source-mappings/sqs-event.js';
import { drain } from '../../src/replay/drain.js';
import { readTargets } from '../../src/replay/targets.js';
import { storedWebhookSecret } from '../../src/world/webhook.js';
import { schemaErrors } from '../e2e/support/schema.js';
import { webhookRequest } from '../handlers/support/envelopes.js';
import { replayOn } from './support/replaying.js';
import { type Sale, Shop } from './support/shop.js';
import { type SavedStage, Stage, saveStage } from './support/stage.js';

type Statement = { Sid?: string; Condition?: object };

describe('a forged envelope that Stripe does not know', () => {
  let saved: SavedStage;
  let stage: Stage;
  let shop: Shop;
  let policy: string;
  beforeAll(async () => {
    saved = await saveStage();
    stage = await Stage.open(saved);
    shop = await Shop.open(stage);
    policy = (await attributes()).Policy ?? '';
  }, 180_000);
  afterEach(async () => {
    shop.empty();
    await set({ Policy: policy, RedriveAllowPolicy: '{"redrivePermission":"denyAll"}' });
    stage.age();
  });
  afterAll(async () => {
    await stage?.close();
    saved?.remove();
  });

  const sqs = () => new SQSClient(stage.cloud.client);
  const QueueUrl = () => stage.outputs.deliveryFailuresQueueUrl;
  const attributes = async () =>
    (await sqs().send(new GetQueueAttributesCommand({ QueueUrl: QueueUrl(), AttributeNames: ['All'] })))
      .Attributes ?? {};
  const set = (changes: Record<string, string>) =>
    sqs().send(new SetQueueAttributesCommand({ QueueUrl: QueueUrl(), Attributes: changes }));
  /** The queue's denial as somebody else wrote it; null: taken out. */
  const rewrite = (Condition: object | null) => {
    const { Statement: statements, ...rest } = JSON.parse(policy) as { Statement: Statement[] };
    const Statement = statements.flatMap((one) =>
      one.Sid !== 'NobodyElseSends' ? [one] : Condition ? [{ ...one, Condition }] : [],
    );
    return set({ Policy: JSON.stringify({ ...rest, Statement }) });
  };
  const send = (sale: Sale) =>
    sqs().send(new SendMessageCommand({ QueueUrl: QueueUrl(), MessageBody: JSON.stringify(sale.envelope) }));
  const forge = async () => {
    const sale = await shop.sell();
    await send(sale);
    return sale;
  };

  const refusesDrain = async () => {
    const bench = stage.bench();
    const drained = drain(bench, await readTargets(bench.world));
    await expect(drained).rejects.toMatchObject({ code: 'DRAIN_UNTRUSTED' });
  };
  /** Hands what waits to the drain function as its mapping would; how many messages it leaves. */
  const left = async () => {
    const arn = stage.outputs.deliveryFailuresQueueArn;
    const messages = stage.cloud.cloud.port('sqs').receive(arn, 10, 0);
    const { world } = stage.bench();
    const name = stage.outputs.drainFunctionName ?? '';
    const { payload } = await world.invoke(name, JSON.stringify(sqsEvent(messages, arn)));
    return [messages.length, JSON.parse(payload).batchItemFailures.length];
  };

  it.each<[string, object | null]>([
    ['no denial', null],
    [
      'a denial for all but the account',
      { ArnNotLike: { 'aws:PrincipalArn': 'arn:aws:iam::123456789012:*' } },
    ],
    [
      'a denial of those without TLS',
      { ArnNotEquals: { 'aws:SourceArn': 'arn:aws:x' }, Bool: { 'aws:SecureTransport': 'false' } },
    ],
    ['a denial of nobody', { StringNotLike: { 'aws:PrincipalArn': '*' } }],
  ])(
    'is not applied by any engine in a queue with %s, nor once the policy is back',
    async (_which, condition) => {
      await rewrite(condition);
      stage.age();
      // The local cloud speaks HTTP, which the second denial is about.
      const sale = condition && 'Bool' in condition ? await shop.sell() : await forge();
      if (condition && 'Bool' in condition) shop.lose(sale.envelope);
      await refusesDrain();
      expect(await left()).toEqual([1, 1]);
      expect(await replayOn(stage)).toMatchObject({
        counts: { unusable: 1, processed: 0 },
        reasons: [{ code: 'UNKNOWN_TO_STRIPE' }],
      });
      await set({ Policy: policy });
      stage.age();
      expect(await left()).toEqual([1, 1]);
      expect(await replayOn(stage, { quarantine: true })).toMatchObject({
        counts: { quarantined: 1, processed: 0 },
      });
      expect(await shop.statusOf(sale.orderId)).toBe('pending');
    },
    180_000,
  );

  it('is not believed where it may have come through another queue', async () => {
    await set({ RedriveAllowPolicy: '' });
    stage.age();
    await refusesDrain();
    const sale = await shop.sell();
    shop.lose(sale.envelope);
    expect(await replayOn(stage)).toMatchObject({
      counts: { unusable: 1 },
      reasons: [{ code: 'UNKNOWN_TO_STRIPE' }],
    });
    expect(await shop.statusOf(sale.orderId)).toBe('pending');
  }, 180_000);

  it('is told from what the rule sent after the last change of the queue, by both engines', async () => {
    const before = await shop.sell();
    shop.lose(before.envelope);
    await set({ MessageRetentionPeriod: '1209600' });
    stage.age();
    const after = [await shop.sell(), await shop.sell()];
    shop.lose(after[0]?.envelope);
    expect(await left()).toEqual([2, 1]);
    shop.lose(after[1]?.envelope);
    expect(await replayOn(stage)).toMatchObject({ counts: { processed: 2, unusable: 1 } });
    for (const { orderId } of after) expect(await shop.statusOf(orderId)).toBe('paid');
    expect(await shop.statusOf(before.orderId)).toBe('pending');
  }, 180_000);

  it.each<[string, (sale: Sale) => unknown]>([
    ['an event by itself', ({ event }) => event],
    ['a webhook request', ({ event }) => ({ headers: {}, body: JSON.stringify(event) })],
    ['an envelope of another source', ({ envelope }) => ({ ...envelope, source: 'shop.forwarded' })],
    ['an envelope in a JSON string', ({ envelope }) => JSON.stringify(JSON.stringify(envelope))],
    ['an envelope that SNS wrapped', ({ envelope }) => ({ Message: JSON.stringify(envelope) })],
    ['an envelope in a batch', ({ envelope }) => ({ Records: [{ body: JSON.stringify(envelope) }] })],
  ])(
    'is left by the drain, and refused by replay, also as %s',
    async (_shape, shapeOf) => {
      const sale = await shop.sell();
      shop.lose(shapeOf(sale));
      expect(await left()).toEqual([1, 1]);
      expect(await replayOn(stage)).toMatchObject({
        counts: { unusable: 1, processed: 0 },
        reasons: [{ code: 'UNKNOWN_TO_STRIPE' }],
      });
      expect(await shop.statusOf(sale.orderId)).toBe('pending');
    },
    180_000,
  );

  it('is found, had it been applied all the same, whichever way it came', async () => {
    const { world } = stage.bench();
    const handler = stage.outputs.eventFunctionName;
    const young = { created: Math.floor(Date.now() / 1000) - 60 };
    const forged = await Promise.all(
      [{}, young, young, young, young, young].map((changes) => shop.sell(changes)),
    );
    const [byBus, byWebhook, asReplay, asReconcile, byDrain, byQueue] = forged as [Sale, ...Sale[]] &
      Record<'1' | '2' | '3' | '4' | '5', Sale>;
    // Past the rule of trust: the handlers themselves are invoked, and a queue is made to look as if it were closed.
    await world.invoke(handler, JSON.stringify(byBus.envelope));
    const secret = (await storedWebhookSecret(world))?.secrets[0] ?? '';
    await world.invoke(
      stage.outputs.webhookFunctionName ?? '',
      JSON.stringify(webhookRequest(byWebhook.event, secret)),
    );
    for (const [sale, via] of [
      [asReplay, 'replay'],
      [asReconcile, 'reconcile'],
    ] as const)
      await world.invoke(handler, JSON.stringify({ ...sale.envelope, cachao: { via } }));
    shop.lose(byDrain.envelope);
    expect(await left()).toEqual([1, 0]);
    shop.empty();
    shop.lose(byQueue.envelope);
    expect(await replayOn(stage)).toMatchObject({ counts: { processed: 1 } });
    for (const { orderId } of forged) expect(await shop.statusOf(orderId)).toBe('paid');

    const ids = forged.map(({ event }) => event.id);
    const found = JSON.parse((await stage.run('reconcile', '--since', '1h', '--json')).stdout);
    expect(schemaErrors(found)).toEqual([]);
    const { samples, amountMinor } = found.comparison.events['not-at-stripe'];
    expect(found.exitCode).toBe(1);
    expect(samples.map(({ eventId }: { eventId: string }) => eventId)).toEqual(expect.arrayContaining(ids));
    expect(amountMinor).toBe(2500 * samples.length);
    const doctor = JSON.parse((await stage.run('doctor', '--only', 'delivery.paid', '--json')).stdout);
    const finding = doctor.findings.find(({ id }: { id: string }) => id === 'delivery.paid');
    expect([doctor.exitCode, finding.outcome]).toEqual([1, 'fail']);
    expect(finding.summary).toMatch(
      /^\d+ events in the ledger that Stripe does not have, which paid orders of [\d.]+ EUR/,
    );
    expect(Number.parseInt(finding.summary, 10)).toBe(samples.length);
  }, 180_000);
});
