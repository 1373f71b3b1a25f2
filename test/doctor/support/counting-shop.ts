import { createRequire } from 'node:module';
import { createConnection } from 'mysql2/promise';
import { shopTableStatements } from '../../../handlers/operations/shop-tables.js';
import { checklistTemplate, type TheirTemplate } from './their-stack.js';

interface Database {
  url: string;
  password: string;
}

function addressOf({ url, password }: Database) {
  const { hostname: host, port, username: user, pathname } = new URL(url);
  return { host, port: Number(port), user, password, database: pathname.slice(1) };
}

/**
 * A shop whose two functions are not idempotent: each counts the ticket of the order as sold whenever an event reaches
 * it, and writes down that it did. The webhook verifies with the secret that it is given.
 */
export function countingShop(
  database: Database,
  { bus, secret = '' }: { bus?: string; secret?: string } = {},
) {
  const template: TheirTemplate = checklistTemplate('before');
  const driver = createRequire(import.meta.url).resolve('mysql2/promise');
  const count = `async (event, via) => {
    const connection = await require(${JSON.stringify(driver)}).createConnection(${JSON.stringify(addressOf(database))});
    const order = event.data.object.metadata.order_id;
    await connection.query('UPDATE tickets t JOIN ticket_orders o ON o.ticket_id = t.id SET t.sold_quantity = t.sold_quantity + o.quantity WHERE o.id = ?', [order]);
    await connection.query('INSERT INTO stock_moves (order_id, via) VALUES (?, ?)', [order, via]);
    await connection.query("UPDATE ticket_orders SET status = 'paid' WHERE id = ?", [order]);
    await connection.end();
    console.log(event.id);
  }`;
  const { StripeEventBridgeHandler, StripePaymentFunction, StripeEventBridgeHandlerStripeEventBridge } =
    template.Resources;
  Object.assign(StripeEventBridgeHandler?.Properties ?? {}, {
    Code: { ZipFile: `const count = ${count};\nexports.handler = (event) => count(event.detail, 'rule');` },
  });
  Object.assign(StripePaymentFunction?.Properties ?? {}, {
    Environment: { Variables: { SIGNING_KEY_OF_TEST: secret } },
    Code: {
      ZipFile: `const count = ${count};
    exports.handler = async ({ headers, body }) => {
      const signed = (headers && headers['Stripe-Signature']) || '';
      const [, t] = /t=(\\d+)/.exec(signed) || [];
      const hmac = require('crypto').createHmac('sha256', process.env.SIGNING_KEY_OF_TEST || 'none');
      if (!signed.includes('v1=' + hmac.update(t + '.' + body).digest('hex'))) return { statusCode: 400, body: 'signature' };
      const event = JSON.parse(body);
      if (event.type === 'checkout.session.completed') await count(event, 'webhook');
      return { statusCode: 200, body: 'ok' };
    };`,
    },
  });
  if (bus)
    Object.assign(StripeEventBridgeHandlerStripeEventBridge?.Properties ?? {}, {
      EventBusName: bus,
      EventPattern: { source: [bus], 'detail-type': ['checkout.session.completed'] },
    });
  return template;
}

/** The shop's tables, and a table of the counts that its functions made; opened as the shop's own programs would. */
export async function openCountingShop(database: Database) {
  const connection = await createConnection(addressOf(database));
  for (const statement of shopTableStatements('eur')) await connection.query(statement);
  await connection.query('CREATE TABLE IF NOT EXISTS stock_moves (order_id VARCHAR(64), via VARCHAR(16))');
  return {
    /** By which ways payments were counted, in the alphabet's order. */
    async counted(): Promise<string[]> {
      const [rows] = await connection.query('SELECT via FROM stock_moves ORDER BY via');
      return (rows as { via: string }[]).map(({ via }) => via);
    },
    close: () => connection.end(),
  };
}
