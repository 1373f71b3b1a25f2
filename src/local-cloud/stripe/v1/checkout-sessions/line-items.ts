import { leastCharge } from '../../catalog/currencies.js';
import { invalidRequest } from '../../http/errors.js';
import type { Call } from '../../http/routes.js';
import { missing } from '../../http/shapes.js';
import { newId } from '../../ids.js';
import type { LineItem, Price } from '../../tables.js';
import { createPrice, findPrice } from '../prices/routes.js';
import type { LineItemParameters } from './parameters.js';

/** The lines of a new session. Inline prices are made, with their events; stored ones must be active. */
export function lineItems(given: LineItemParameters[], call: Call): LineItem[] {
  const lines = given.map((item, index) => lineItem(item, `line_items[${index}]`, call));
  const [first] = lines;
  const other = lines.find((line) => line.currency !== first?.currency);
  if (first && other)
    throw invalidRequest(
      `All prices of a Checkout Session must use the same currency; found ${first.currency} and ${other.currency}.`,
      'line_items',
    );
  return lines;
}

function lineItem(item: LineItemParameters, path: string, call: Call): LineItem {
  if (item.price !== undefined && item.price_data)
    throw invalidRequest(
      'You may only specify one of these parameters: price, price_data.',
      `${path}[price]`,
    );
  if (item.quantity === undefined) throw missing(`${path}[quantity]`);
  const price = item.price_data
    ? createPrice(item.price_data, call, `${path}[price_data]`, false)
    : storedPrice(item.price, path, call);
  const amount = price.unit_amount * item.quantity;
  return {
    id: newId.lineItem(),
    object: 'item',
    amount_discount: 0,
    amount_subtotal: amount,
    amount_tax: 0,
    amount_total: amount,
    currency: price.currency,
    description: call.side.tables.products.get(price.product)?.name ?? '',
    price,
    quantity: item.quantity,
  };
}

function storedPrice(id: string | undefined, path: string, call: Call): Price {
  if (id === undefined) throw missing(`${path}[price]`);
  const price = findPrice(call, id, `${path}[price]`);
  if (!price.active)
    throw invalidRequest(
      `The price specified is inactive. This field only accepts active prices.`,
      `${path}[price]`,
    );
  return price;
}

/** The sum, which is nothing at all or enough for Stripe to charge. */
export function totalOf(lines: LineItem[]): number {
  const total = lines.reduce((sum, line) => sum + line.amount_total, 0);
  const { currency } = lines[0] as LineItem;
  if (total > 0 && total < leastCharge(currency))
    throw invalidRequest(
      `The Checkout Session's total amount must convert to at least 50 cents. ${total} ${currency} is below the least charge of ${leastCharge(currency)}.`,
      'line_items',
      'amount_too_small',
    );
  return total;
}
