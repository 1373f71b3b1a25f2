import { isCode } from '../aws/errors.js';
import { CachaoError } from '../core/errors.js';
import { operate, probe } from '../world/operations.js';
import type { World } from '../world/world.js';
import { type DestroyOptions, type Found, nothing, type Removal } from './removal.js';

const LEDGER = 'stripe_events, stripe_event_arrivals, cachao_test_orders, cachao_migrations';

/** Test orders that a checkout left behind, as long as there is a function to ask. */
export const testOrders: Removal = {
  undoes: [],
  async find(world) {
    const left = await unlessUnreachable(world, () =>
      operate(world, 'list-test-orders', { olderThanMinutes: 0 }),
    );
    return {
      remove: (left?.orderIds ?? []).map((orderId) => ({
        check: 'delivery.end-to-end',
        action: 'delete',
        resource: 'test order',
        name: orderId,
        details: ['an interrupted test checkout left it in the orders database'],
      })),
      keep: [],
    };
  },
  async remove({ world }, changes) {
    for (const { name } of changes) await operate(world, 'remove-test-order', { orderId: name });
  },
};

/** Our own tables. They say which payments were processed, so they stay unless told otherwise. */
export const ledger: Removal = {
  undoes: ['database.schema'],
  async find(world, options) {
    if (!(await world.stackOutputs())) return nothing;
    const seen = await unlessUnreachable(world, () => probe(world));
    if (!seen?.schema) return options.deleteData ? kept('the orders database could not be asked') : nothing;
    return seen.schema.recordingSince === null ? nothing : found(world, options);
  },
  async remove({ world }, _changes, progress) {
    const { removed } = await operate(world, 'remove-ledger', {});
    world.forget();
    if (removed.length > 0) progress.note(`dropped ${removed.join(', ')}`);
  },
};

function found({ settings }: World, { deleteData }: DestroyOptions): Found {
  if (!deleteData)
    return kept('it says which payments were processed; without the stack only you can drop it');
  return {
    remove: [
      {
        check: 'database.schema',
        action: 'delete',
        resource: 'ledger tables',
        name: settings.database ?? 'the orders database',
        details: [`drops ${LEDGER}, for every stage that uses this database`],
      },
    ],
    keep: [],
  };
}

function kept(why: string): Found {
  return { remove: [], keep: [{ resource: 'ledger tables', name: LEDGER, reason: 'data', why }] };
}

/** A database that is gone already must not keep the rest from going. */
async function unlessUnreachable<T>(world: World, ask: () => Promise<T>): Promise<T | undefined> {
  if (!(await world.stackOutputs())) return undefined;
  try {
    return await ask();
  } catch (error) {
    if (isUnreachable(error)) return undefined;
    throw error;
  }
}

/** Neither the database nor, in a stack that was half deleted, the function answers. */
function isUnreachable(error: unknown): boolean {
  if (isCode(error, 'ResourceNotFoundException')) return true;
  return error instanceof CachaoError && /^(OPERATIONS_|DATABASE_|CONFIGURATION)/.test(error.code);
}
