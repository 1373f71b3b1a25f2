import { GetParameterCommand, SSMClient } from '@aws-sdk/client-ssm';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { webhookSecretParameterName } from '../../handlers/contract/environment.js';
import { envelope, webhookRequest } from '../handlers/support/envelopes.js';
import { stripeEvent } from '../handlers/support/events.js';
import { fc, inputs } from '../support/property-tests.js';
import { replayOn } from './support/replaying.js';
import {
  COMPLETED,
  destinationRecord,
  FAILED_FUNCTION,
  type Sale,
  Shop,
  UNDELIVERED,
} from './support/shop.js';
import { type SavedStage, Stage, saveStage } from './support/stage.js';

const SALES = 3;
/** Where one more copy of an event goes, or by which path it comes live. */
const WAYS = ['delivery', 'function', 'destination', 'eventbridge', 'webhook'] as const;

const plans = fc.record({
  copies: fc.array(
    fc.record({
      sale: fc.nat(SALES - 1),
      event: fc.constantFrom('completed', 'expired'),
      way: fc.constantFrom(...WAYS),
    }),
    { maxLength: 10 },
  ),
  faults: fc.array(
    fc.record({ kind: fc.constantFrom('throttle', 'error', 'error-after', 'reset-after'), after: fc.nat(6) }),
    { maxLength: 3 },
  ),
  concurrency: fc.integer({ min: 1, max: 8 }),
});

/** Replay, live deliveries on both paths and failures of the handler, in any order and at once: orders end right. */
describe('whatever happens at once', () => {
  let saved: SavedStage;
  let stage: Stage;
  let shop: Shop;
  let secret: string;
  beforeAll(async () => {
    saved = await saveStage();
    stage = await Stage.open(saved);
    shop = await Shop.open(stage);
    const parameter = await new SSMClient(stage.cloud.client).send(
      new GetParameterCommand({ Name: webhookSecretParameterName('dev'), WithDecryption: true }),
    );
    secret = parameter.Parameter?.Value ?? '';
  });
  afterEach(() => stage.cloud.cloud.faults.set([]));
  afterAll(async () => {
    await stage?.close();
    await saved?.remove();
  });

  it('each order is paid once, and nothing is left', async () => {
    await fc.assert(
      fc.asyncProperty(plans, async ({ copies, faults, concurrency }) => {
        const sales = await Promise.all(Array.from({ length: SALES }, () => shop.sell()));
        const ends = sales.map(expiryOf);
        for (const { envelope } of sales) shop.lose(envelope);
        const live = copies.flatMap(({ sale, event, way }) => {
          const sent = (event === 'completed' ? sales[sale] : ends[sale]) as Sale;
          return lose(sent, way) ? [] : [() => deliver(sent, way)];
        });
        stage.cloud.cloud.faults.set(
          faults.map(({ kind, after }) => ({
            service: 'lambda',
            operation: 'Invoke',
            kind,
            after,
            times: 2,
          })),
        );
        const running = replayOn(stage, { concurrency, attempts: 1 });
        await Promise.all(live.map((send) => send().catch(() => undefined)));
        await running;
        stage.cloud.cloud.faults.set([]);
        const last = await replayOn(stage);
        expect(last.remaining).toBe(0);
        expect(await shop.waiting()).toEqual({ visible: 0, inFlight: 0 });
        for (const [index, { orderId, event }] of sales.entries()) {
          expect(await shop.statusOf(orderId)).toBe('paid');
          const ledger = await shop.ledger(event.id, ends[index]?.event.id ?? '');
          expect(ledger.filter(({ outcome }) => outcome === 'paid').map(({ eventId }) => eventId)).toEqual([
            event.id,
          ]);
        }
      }),
      { numRuns: inputs(6) },
    );
  });

  /** The end of the same session, which must not undo the payment. */
  function expiryOf({ orderId, event, envelope: paid }: Sale): Sale {
    const session = { ...event.data.object, payment_status: 'unpaid', status: 'expired' };
    const expired = stripeEvent(COMPLETED.replace('completed', 'expired'), session);
    return { orderId, event: expired, envelope: envelope(expired, { source: paid.source }) };
  }

  /** Whether it is one of the ways that end in a queue. */
  function lose({ envelope }: Sale, way: (typeof WAYS)[number]): boolean {
    if (way === 'delivery') shop.lose(envelope, UNDELIVERED);
    else if (way === 'function') shop.lose(envelope, FAILED_FUNCTION, 'function');
    else if (way === 'destination') shop.lose(destinationRecord(envelope), {}, 'function');
    else return false;
    return true;
  }

  async function deliver({ event, envelope }: Sale, way: (typeof WAYS)[number]): Promise<void> {
    const { world } = stage.bench({ attempts: 1 });
    const { eventFunctionName, webhookFunctionName = '' } = stage.outputs;
    if (way === 'eventbridge') await world.invoke(eventFunctionName, JSON.stringify(envelope));
    else await world.invoke(webhookFunctionName, JSON.stringify(webhookRequest(event, secret)));
  }
});
