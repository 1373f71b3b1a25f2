import { minorDigits } from '../contract/amounts.js';

/** The shop's own tables, and the columns that the handlers read or write. Never altered by us. */
export const SHOP_COLUMNS: Record<string, string[]> = {
  ticket_orders: [
    'id',
    'ticket_id',
    'email',
    'quantity',
    'total_amount',
    'status',
    'discount_code_id',
    'stripe_checkout_session_id',
    'stripe_payment_intent_id',
  ],
  tickets: ['id', 'sold_quantity'],
  discount_codes: ['id', 'used_count'],
};

export const SHOP_TABLES = Object.keys(SHOP_COLUMNS);

/** The states that the handlers read and write. */
export const STATUSES = ['pending', 'paid', 'expired', 'failed'];

/** Minimal shop tables for a database that has none of them, as on the local cloud. */
export function shopTableStatements(currency: string): string[] {
  const money = `DECIMAL(12,${Math.max(2, minorDigits(currency))})`;
  const options = 'ENGINE=InnoDB DEFAULT CHARSET=utf8mb4';
  const id = 'id BIGINT UNSIGNED NOT NULL AUTO_INCREMENT PRIMARY KEY';
  const times = `created_at DATETIME NOT NULL DEFAULT CURRENT_TIMESTAMP,
      updated_at DATETIME NOT NULL DEFAULT CURRENT_TIMESTAMP ON UPDATE CURRENT_TIMESTAMP`;
  return [
    `CREATE TABLE IF NOT EXISTS tickets (
      ${id},
      event_id BIGINT UNSIGNED NOT NULL,
      name VARCHAR(255) NOT NULL,
      price ${money} NOT NULL,
      quantity INT UNSIGNED NOT NULL DEFAULT 0,
      sold_quantity INT UNSIGNED NOT NULL DEFAULT 0,
      ${times},
      KEY by_event (event_id)
    ) ${options}`,
    `CREATE TABLE IF NOT EXISTS discount_codes (
      ${id},
      code VARCHAR(64) NOT NULL,
      used_count INT UNSIGNED NOT NULL DEFAULT 0,
      ${times},
      UNIQUE KEY by_code (code)
    ) ${options}`,
    `CREATE TABLE IF NOT EXISTS ticket_orders (
      ${id},
      event_id BIGINT UNSIGNED NOT NULL,
      ticket_id BIGINT UNSIGNED NOT NULL,
      email VARCHAR(255) NOT NULL,
      quantity INT UNSIGNED NOT NULL,
      unit_price ${money} NOT NULL,
      discount_amount ${money} NOT NULL DEFAULT 0,
      discount_code_id BIGINT UNSIGNED NULL,
      total_amount ${money} NOT NULL,
      status VARCHAR(32) NOT NULL DEFAULT 'pending',
      stripe_checkout_session_id VARCHAR(255) NULL,
      stripe_payment_intent_id VARCHAR(255) NULL,
      ${times},
      KEY by_session (stripe_checkout_session_id),
      KEY by_intent (stripe_payment_intent_id),
      KEY by_status (status, id),
      CONSTRAINT ticket_orders_ticket FOREIGN KEY (ticket_id) REFERENCES tickets (id),
      CONSTRAINT ticket_orders_discount FOREIGN KEY (discount_code_id) REFERENCES discount_codes (id)
    ) ${options}`,
  ];
}
