import { setTimeout as sleep } from 'node:timers/promises';
import type { Connection, RowDataPacket } from 'mysql2/promise';
import { toMajor } from '../../handlers/contract/amounts.js';
import { type Address, readAddress } from '../../handlers/contract/database-address.js';
import { failureKind } from '../../handlers/contract/database-failures.js';
import { CachaoError, CannotLookError } from '../core/errors.js';
import { databaseUrlWithPassword, describeDatabase } from '../world/database-url.js';
import { givenAuthorities } from '../world/database-value.js';
import type { World } from '../world/world.js';
import { placeholderRow } from './placeholder-row.js';

/** Tickets in a test order. */
export const ORDERED = 1;
const CONNECT_ATTEMPTS = 5;
const CONNECT_PAUSE_MS = 500;
/** No mail ever reaches it: `.invalid` is reserved (RFC 2606). */
const TEST_EMAIL_DOMAIN = 'cachao.invalid';

/** The shop's own orders, seen straight from here: beside a stack of somebody else's nothing else can see them. */
export interface UnmanagedOrders {
  /** A pending order of one ticket of its own, so that no real ticket's stock moves. Returns its id. */
  create(runId: string, amountMinor: number, currency: string): Promise<string>;
  attach(orderId: string, sessionId: string): Promise<void>;
  /** Undefined when it is gone. */
  status(orderId: string): Promise<string | undefined>;
  /** How many of the test order's ticket are sold; undefined when it is gone. */
  soldQuantity(): Promise<number | undefined>;
  /** What `create` made, and nothing else. */
  remove(): Promise<boolean>;
  close(): Promise<void>;
}

/**
 * Undefined unless a database was named for this run.
 * @throws CannotLookError DATABASE_PASSWORD_MISSING, DATABASE_UNREACHABLE
 */
export async function openTheirOrders(world: World): Promise<UnmanagedOrders | undefined> {
  const { database } = world.settings;
  if (!database) return undefined;
  if (!world.databasePassword)
    throw new CannotLookError({
      code: 'DATABASE_PASSWORD_MISSING',
      message: `There is no password for ${describeDatabase(database)}, so no test order can be made there.`,
      next: [
        'Set CACHAO_DATABASE_PASSWORD.',
        'Or leave --database out: then logs and metrics are the proof.',
      ],
    });
  const authorities = await givenAuthorities(world);
  const url = databaseUrlWithPassword(database, world.databasePassword.reveal());
  const address = readAddress(authorities ? `${url}\n${authorities}` : url, false);
  if (typeof address === 'string')
    throw new CachaoError({
      code: 'DATABASE_URL_INVALID',
      message: `The database ${describeDatabase(database)} ${address}.`,
      next: ['Correct it with --database.'],
    });
  return theirOrders(await connect(address, database));
}

async function connect(address: Address, shown: string): Promise<Connection> {
  const { openConnection } = await import('./open-connection.js');
  try {
    return await openWithPatience(() => openConnection(address));
  } catch (error) {
    throw new CannotLookError({
      code: 'DATABASE_UNREACHABLE',
      message: `${describeDatabase(shown)} cannot be reached from here: ${(error as Error).message}.`,
      why: "The proof looks at the order itself, and there is no function of cachao's beside the database that could.",
      next: [
        'Run it where the database can be reached, or leave --database out: then logs and metrics are the proof.',
      ],
      cause: error,
    });
  }
}

/** A server that has no connection to give just now is asked again. */
async function openWithPatience(open: () => Promise<Connection>): Promise<Connection> {
  for (let attempt = 1; ; attempt++) {
    try {
      return await open();
    } catch (error) {
      if (attempt >= CONNECT_ATTEMPTS || failureKind(error, null) !== 'refused-for-now') throw error;
      await sleep(CONNECT_PAUSE_MS * attempt);
    }
  }
}

function theirOrders(connection: Connection): UnmanagedOrders {
  const made: { table: string; id: string }[] = [];
  const insert = async (table: string, given: Record<string, string | number>): Promise<string> => {
    const { columns, values } = await placeholderRow(connection, table, given);
    const names = columns.map((column) => `\`${column}\``).join(', ');
    const [result] = await connection.query<never>(
      `INSERT INTO \`${table}\` (${names}) VALUES (${columns.map(() => '?').join(', ')})`,
      values,
    );
    const known = values[columns.indexOf('id')];
    const id = String(known ?? (result as { insertId: number | string }).insertId);
    made.push({ table, id });
    return id;
  };
  return {
    async create(runId, amountMinor, currency) {
      const price = toMajor(amountMinor, currency);
      try {
        const ticketId = await insert('tickets', { sold_quantity: 0, price });
        return await insert('ticket_orders', {
          ticket_id: ticketId,
          email: `test+${runId}@${TEST_EMAIL_DOMAIN}`,
          quantity: ORDERED,
          unit_price: price,
          discount_amount: 0,
          total_amount: price,
          status: 'pending',
        });
      } catch (error) {
        await removeAll(connection, made);
        if (error instanceof CachaoError) throw error;
        throw new CachaoError({
          code: 'TEST_ORDER_REFUSED',
          message: `The shop's database takes no test order: ${(error as Error).message}.`,
          next: ['Leave --database out: then logs and metrics are the proof.'],
          cause: error,
        });
      }
    },
    async attach(orderId, sessionId) {
      await connection.query('UPDATE ticket_orders SET stripe_checkout_session_id = ? WHERE id = ?', [
        sessionId,
        orderId,
      ]);
    },
    async status(orderId) {
      const [rows] = await connection.query<RowDataPacket[]>(
        'SELECT status FROM ticket_orders WHERE id = ?',
        [orderId],
      );
      return rows[0]?.status === undefined ? undefined : String(rows[0].status);
    },
    async soldQuantity() {
      const ticket = made.find(({ table }) => table === 'tickets');
      const [rows] = await connection.query<RowDataPacket[]>(
        'SELECT sold_quantity FROM tickets WHERE id = ?',
        [ticket?.id ?? null],
      );
      return rows[0] && Number(rows[0].sold_quantity);
    },
    remove: () => removeAll(connection, made),
    close: () => connection.end(),
  };
}

/** Children before parents. */
async function removeAll(connection: Connection, made: { table: string; id: string }[]): Promise<boolean> {
  for (const { table, id } of made.splice(0).reverse())
    await connection.query(`DELETE FROM \`${table}\` WHERE id = ?`, [id]);
  return true;
}
