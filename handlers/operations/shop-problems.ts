import type { Transaction } from '../shared/database/database.js';
import { type ColumnFacts, keysOf } from './catalog.js';
import { SHOP_TABLES } from './shop-tables.js';

/** What the handlers write, and a generated column would refuse. */
const WRITTEN: Record<string, readonly string[]> = {
  ticket_orders: ['status', 'stripe_checkout_session_id', 'stripe_payment_intent_id'],
  tickets: ['sold_quantity'],
  discount_codes: ['used_count'],
};
/** Types that give an id back as the text that was put in. */
const ID_TYPES = /^(?:(?:tiny|small|medium|big)?int|(?:var)?char|uuid|decimal)$/;

/** What is wrong with the shop's columns, one sentence each; columns that are missing are told elsewhere. */
export async function problemsOf(
  transaction: Transaction,
  columns: ReadonlyMap<string, readonly ColumnFacts[]>,
): Promise<string[]> {
  const keys = await keysOf(transaction, SHOP_TABLES, 'unique');
  return [...columns].flatMap(([table, facts]) => {
    const find = (name: string) => facts.find((column) => column.name.toLowerCase() === name);
    const id = find('id');
    const isGenerated = (WRITTEN[table] ?? []).filter((name) => find(name)?.generated);
    return [
      ...(id
        ? idProblems(
            table,
            id,
            (keys.get(table) ?? []).some((key) => key.join() === 'id'),
          )
        : []),
      ...isGenerated.map((name) => `${table}.${name} is generated, so it cannot be written`),
      ...(find('quantity')?.nullable && table === 'ticket_orders'
        ? [
            'ticket_orders.quantity may be NULL, and a ticket sold with such an order has a count that is not known',
          ]
        : []),
    ];
  });
}

function idProblems(table: string, { dataType, columnType }: ColumnFacts, isUnique: boolean): string[] {
  const isFilled = /zerofill/i.test(columnType);
  return [
    ...(isFilled
      ? [
          `${table}.id is ZEROFILL: it comes back as "00042", which is not the order_id "42" that Stripe is given`,
        ]
      : []),
    ...(ID_TYPES.test(dataType)
      ? []
      : [`${table}.id is of type ${columnType}, which does not come back as it was given`]),
    ...(isUnique
      ? []
      : [`${table}.id is neither the primary key nor unique: one payment could change several rows`]),
  ];
}
