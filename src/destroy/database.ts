import type { Operations } from '../../handlers/contract/operations.js';
import { isCode } from '../aws/errors.js';
import type { Change } from '../core/check.js';
import { CachaoError } from '../core/errors.js';
import { operate, probe } from '../world/operations.js';
import type { World } from '../world/world.js';
import { type DestroyOptions, type Found, nothing, type Removal } from './removal.js';

const LEDGER = 'stripe_events, stripe_event_arrivals, cachao_test_orders, cachao_stages, cachao_migrations';
const TABLES = 'ledger tables';

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

/**
 * What our own tables record of this stage, and the tables where no other stage uses them. They say which payments were
 * processed, so they stay unless told otherwise.
 */
export const ledger: Removal = {
  undoes: ['database.schema'],
  async find(world, options) {
    if (!(await world.stackOutputs())) return nothing;
    const seen = await unlessUnreachable(world, () => probe(world));
    if (!seen?.schema) return options.deleteData ? kept('the orders database could not be asked') : nothing;
    return seen.schema.recordingSince === null ? nothing : found(world, options);
  },
  async remove({ world }, changes, progress) {
    const dropTables = changes.some(({ resource }) => resource === TABLES);
    const { removed } = await operate(world, 'remove-ledger', { dropTables });
    world.forget();
    if (removed.length > 0) progress.note(`dropped ${removed.join(', ')}`);
  },
};

async function found(world: World, { deleteData }: DestroyOptions): Promise<Found> {
  if (!deleteData)
    return kept('they say which payments were processed; once the stack is gone, only you can drop them');
  const users = await usersOfLedger(world);
  if (!users)
    return kept(
      'the deployed functions are of an earlier version, which cannot tell whether another stage uses it; cachao deploy and cachao doctor --fix bring them up to date',
    );
  const { stage } = world.settings;
  const others = users.stages.filter((one) => one.stage !== stage).map((one) => one.stage);
  if (others.length === 0 && !users.unnamed)
    return { remove: [removal(world, TABLES, `drops ${LEDGER}: no other stage uses them`)], keep: [] };
  const whose =
    others.length > 0
      ? `used by stage ${others.join(', ')} too`
      : 'functions of an earlier version, perhaps of another stage, write there too';
  const entered = users.stages.some((one) => one.stage === stage);
  const rows = `what stage ${stage} alone recorded in ${LEDGER}; the tables stay`;
  return {
    remove: entered ? [removal(world, 'ledger rows', rows)] : [],
    keep: [{ resource: TABLES, name: LEDGER, reason: 'shared', why: whose }],
  };
}

function removal({ settings }: World, resource: string, detail: string): Change {
  return {
    check: 'database.schema',
    action: 'delete',
    resource,
    name: settings.database ?? 'the orders database',
    details: [detail],
  };
}

/** Undefined: the functions are of a version that does not know. */
async function usersOfLedger(world: World): Promise<Operations['list-stages']['response'] | undefined> {
  try {
    return await operate(world, 'list-stages', {});
  } catch (error) {
    if (error instanceof CachaoError && error.code === 'UNKNOWN_OPERATION') return undefined;
    throw error;
  }
}

function kept(why: string): Found {
  return { remove: [], keep: [{ resource: TABLES, name: LEDGER, reason: 'data', why }] };
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
