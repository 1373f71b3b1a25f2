import { expect, it } from 'vitest';
import type { Probe } from '../../handlers/contract/operations.js';
import { databaseSchema } from '../../src/checks/database/schema.js';
import { DEFAULT_CHOICES, type World } from '../../src/world/world.js';

type Schema = NonNullable<Probe['schema']>;
const SHOP: Schema['shop'] = { missingTables: [], missingColumns: [], wrongEngine: [], missingStatuses: [] };
const CURRENT: Schema = {
  current: true,
  pending: [],
  recordingSince: '2026-11-01T10:00:00.000Z',
  stages: [{ stage: 'dev', livemode: false }],
  writeRefusal: null,
  shop: SHOP,
};

function inspect(schema: Schema) {
  const world = {
    settings: { stage: 'dev', mode: 'test', stack: { name: 'stage', managed: true } },
    choices: DEFAULT_CHOICES,
    once: async () => ({ schema }),
  } as unknown as World;
  return databaseSchema.inspect(world, AbortSignal.any([]));
}

it('says all that is wrong at once: missing tables, what is wrong with the others, and our own migrations', async () => {
  const verdict = await inspect({
    ...CURRENT,
    current: false,
    pending: ['0007-ledger-indexes'],
    shop: {
      missingTables: ['discount_codes'],
      missingColumns: ['tickets.sold_quantity'],
      missingStatuses: ['failed'],
      wrongEngine: ['ticket_orders'],
      problems: ['tickets.id is ZEROFILL'],
    },
  });
  expect(verdict).toMatchObject({
    outcome: 'fail',
    summary:
      "the shop's tables are missing: discount_codes; the column tickets.sold_quantity is missing; an order's status cannot be failed; ticket_orders is not InnoDB, so without transactions; tickets.id is ZEROFILL; 1 migration is not applied: 0007-ledger-indexes",
    actual: '6 things in the way',
    remedy: { commands: [], fixable: false },
  });
});

it('warns of triggers that act on what a payment writes, and fails where a payment does not come out right', async () => {
  const shop = { ...SHOP, triggers: ['AFTER UPDATE on ticket_orders (count_sold)'] };
  expect(await inspect({ ...CURRENT, shop })).toMatchObject({
    outcome: 'warn',
    summary: 'a trigger acts on what a payment writes: AFTER UPDATE on ticket_orders (count_sold)',
  });
  const writeRefusal = 'a trigger counts as well: one ticket that was paid made sold_quantity 2';
  expect(await inspect({ ...CURRENT, shop, writeRefusal })).toMatchObject({
    outcome: 'fail',
    summary: `a payment cannot be written: ${writeRefusal}`,
  });
});
