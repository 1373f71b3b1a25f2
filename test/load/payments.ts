import { setTimeout as sleep } from 'node:timers/promises';
import { type Connection, createConnection, type ResultSetHeader, type RowDataPacket } from 'mysql2/promise';
import Stripe from 'stripe';
import { METADATA } from '../../handlers/contract/environment.js';

/** Of every order, in the currency's smallest unit. */
const AMOUNT = 2500;
const ROWS_AT_ONCE = 500;

/** What a set-up local stage is reached by, as `cachao local --export` prints it. */
export type Environment = Record<string, string>;

/** A shop's traffic on a stage that is set up: orders in its database, payments at its Stripe. */
export class Traffic {
  private constructor(
    readonly stripe: Stripe,
    readonly database: Connection,
    private readonly stage: string,
  ) {}

  static async open(environment: Environment, stage: string): Promise<Traffic> {
    const { hostname: host, port } = new URL(environment.STRIPE_API_BASE as string);
    const key = environment.STRIPE_API_KEY as string;
    const stripe = new Stripe(key, { host, port, protocol: 'http', telemetry: false });
    const url = new URL(environment.CACHAO_DATABASE as string);
    const database = await createConnection({
      host: url.hostname,
      port: Number(url.port),
      user: url.username,
      password: environment.CACHAO_DATABASE_PASSWORD as string,
      database: url.pathname.slice(1),
    });
    return new Traffic(stripe, database, stage);
  }

  close(): Promise<void> {
    return this.database.end();
  }

  /** Orders that wait to be paid, of one ticket. */
  async order(count: number, total = '25.00'): Promise<number[]> {
    const [ticket] = await this.database.query<ResultSetHeader>(
      "INSERT INTO tickets (event_id, name, price, quantity, sold_quantity) VALUES (1, 'Evening', '25.00', 1000000, 0)",
    );
    const ids: number[] = [];
    while (ids.length < count) {
      const rows = Math.min(ROWS_AT_ONCE, count - ids.length);
      const values = `(1, ${ticket.insertId}, 'someone@example.com', 1, '${total}', 0, '${total}', 'pending')`;
      const [made] = await this.database.query<ResultSetHeader>(
        `INSERT INTO ticket_orders (event_id, ticket_id, email, quantity, unit_price, discount_amount, total_amount, status)
         VALUES ${Array(rows).fill(values).join(', ')}`,
      );
      for (let n = 0; n < rows; n += 1) ids.push(made.insertId + n);
    }
    return ids;
  }

  /** Pays for all, several at a time, as the Stripe CLI does without a browser. */
  async pay(
    orders: readonly number[],
    atOnce: number,
    paid: (count: number, order: number) => Promise<void>,
  ): Promise<void> {
    const waiting = [...orders];
    let done = 0;
    const till = async () => {
      for (let order = waiting.shift(); order !== undefined; order = waiting.shift()) {
        await this.payOne(order);
        done += 1;
        await paid(done, order);
      }
    };
    await Promise.all(Array.from({ length: atOnce }, till));
  }

  /** The events that reached the ledger by now. */
  async arrived(): Promise<number> {
    return this.count('SELECT COUNT(*) AS n FROM stripe_events');
  }

  async allArrived(
    count: number,
    looked: (arrived: number) => Promise<void> = async () => {},
  ): Promise<void> {
    for (let arrived = await this.arrived(); arrived < count; arrived = await this.arrived()) {
      await looked(arrived);
      await sleep(250);
    }
  }

  /** What must all be the number of payments, when none was lost and none counted twice. */
  async tally(): Promise<
    Record<'events' | 'arrivals' | 'paid events' | 'paid orders' | 'tickets sold', number>
  > {
    return {
      events: await this.arrived(),
      arrivals: await this.count('SELECT COUNT(*) AS n FROM stripe_event_arrivals'),
      'paid events': await this.count("SELECT COUNT(*) AS n FROM stripe_events WHERE outcome = 'paid'"),
      'paid orders': await this.count("SELECT COUNT(*) AS n FROM ticket_orders WHERE status = 'paid'"),
      'tickets sold': await this.count('SELECT SUM(sold_quantity) AS n FROM tickets'),
    };
  }

  private async count(statement: string): Promise<number> {
    const [[row]] = await this.database.query<RowDataPacket[]>(statement);
    return Number(row?.n ?? 0);
  }

  private async payOne(order: number): Promise<void> {
    const session = await this.stripe.checkout.sessions.create({
      mode: 'payment',
      line_items: [
        {
          quantity: 1,
          price_data: { currency: 'eur', unit_amount: AMOUNT, product_data: { name: 'Evening' } },
        },
      ],
      success_url: 'https://shop.example/thanks',
      metadata: { [METADATA.orderId]: String(order), [METADATA.stage]: this.stage },
    });
    const method = await this.stripe.paymentMethods.create({
      type: 'card',
      card: { token: 'tok_visa' },
      billing_details: { email: 'someone@example.com', name: 'Some One' },
    });
    await this.stripe.rawRequest('POST', `/v1/payment_pages/${session.id}/confirm`, {
      payment_method: method.id,
      expected_amount: AMOUNT,
    });
  }
}
