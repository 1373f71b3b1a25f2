import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { replayOn } from './support/replaying.js';
import { destinationRecord, FAILED_FUNCTION, Shop, UNDELIVERED } from './support/shop.js';
import { type SavedStage, Stage, saveStage } from './support/stage.js';

describe('replay delivers every shape of dead letter', () => {
  let saved: SavedStage;
  let stage: Stage;
  let shop: Shop;
  beforeAll(async () => {
    saved = await saveStage();
    stage = await Stage.open(saved);
    shop = await Shop.open(stage);
  });
  afterAll(async () => {
    await stage?.close();
    await saved?.remove();
  });

  it('from both queues in one run, once each, and marks how they came', async () => {
    const sales = await Promise.all([shop.sell(), shop.sell(), shop.sell()]);
    const [a, b, c] = sales as [(typeof sales)[0], (typeof sales)[0], (typeof sales)[0]];
    shop.lose(a.envelope, UNDELIVERED);
    shop.lose(b.envelope, FAILED_FUNCTION, 'function');
    shop.lose(destinationRecord(c.envelope), {}, 'function');
    const result = await replayOn(stage);
    expect(result).toMatchObject({ remaining: 0, cause: null, error: null, counts: { processed: 3 } });
    for (const { orderId } of sales) expect(await shop.statusOf(orderId)).toBe('paid');
    const ledger = await shop.ledger(...sales.map(({ event }) => event.id));
    expect(ledger.map(({ outcome, arrivals }) => [outcome, arrivals.map(({ via }) => via)])).toEqual(
      sales.map(() => ['paid', ['replay']]),
    );
    expect(await shop.waiting()).toEqual({ visible: 0, inFlight: 0 });
  });
});
