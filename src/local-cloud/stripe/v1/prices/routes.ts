import { isCurrency } from '../../catalog/currencies.js';
import { causedBy, emit } from '../../delivery/emit.js';
import { invalidRequest } from '../../http/errors.js';
import { listPage, listParameters } from '../../http/lists.js';
import { changedMetadata, metadata } from '../../http/metadata.js';
import { type Call, type Route, route } from '../../http/routes.js';
import {
  boolean,
  clearable,
  hash,
  integer,
  missing,
  oneOf,
  optional,
  type Shape,
  type Shaped,
  text,
  unsupported,
} from '../../http/shapes.js';
import { timeRange, within } from '../../http/time-ranges.js';
import { newId } from '../../ids.js';
import { nowSeconds } from '../../side.js';
import { findIn, type Price } from '../../tables.js';
import { createProduct, findProduct, productData } from '../products/routes.js';

const LARGEST = 99_999_999;

/** A three-letter code that Stripe charges in; read in lower case. */
export function currency(): Shape<string> {
  return {
    read(value, path) {
      const code = text().read(value, path).toLowerCase();
      if (!isCurrency(code))
        throw invalidRequest(
          `Invalid currency: ${code}. See https://stripe.com/docs/currencies for the supported ones.`,
          path,
        );
      return code;
    },
  };
}

/** What a price is made of, on its own and inline in a session's line. */
export const priceData = {
  currency: currency(),
  unit_amount: optional(integer({ least: 0, most: LARGEST })),
  unit_amount_decimal: unsupported(),
  product: optional(text()),
  product_data: optional(hash(productData)),
  tax_behavior: optional(oneOf('exclusive', 'inclusive', 'unspecified')),
  recurring: unsupported(),
};
export type PriceData = Shaped<typeof priceData>;

const creation = {
  ...priceData,
  active: optional(boolean()),
  lookup_key: optional(text({ longest: 200 })),
  metadata: metadata(),
  nickname: clearable(text()),
  billing_scheme: optional(oneOf('per_unit')),
  custom_unit_amount: unsupported(),
  currency_options: unsupported(),
  tiers: unsupported(),
};

const listing = {
  ...listParameters,
  active: optional(boolean()),
  created: timeRange(),
  currency: optional(currency()),
  product: optional(text()),
};

/** `path` is where the data stands in the request, for messages: `line_items[0][price_data]`. */
export function createPrice(
  params: PriceData & Partial<Shaped<typeof creation>>,
  call: Call,
  path = '',
  active = true,
): Price {
  const { side, livemode } = call;
  const at = (name: string) => (path === '' ? name : `${path}[${name}]`);
  if (params.unit_amount === undefined) throw missing(at('unit_amount'));
  if (params.product !== undefined && params.product_data)
    throw invalidRequest(
      'You may only specify one of these parameters: product, product_data.',
      at('product'),
    );
  if (params.product === undefined && !params.product_data) throw missing(at('product'));
  const product = params.product_data
    ? createProduct(params.product_data, call, active)
    : findProduct(call, params.product as string, at('product'));
  const price: Price = {
    id: newId.price(),
    object: 'price',
    active: params.active ?? active,
    billing_scheme: 'per_unit',
    created: nowSeconds(side),
    currency: params.currency,
    custom_unit_amount: null,
    livemode,
    lookup_key: params.lookup_key ?? null,
    metadata: changedMetadata({}, params.metadata),
    nickname: params.nickname ?? null,
    product: product.id,
    recurring: null,
    tax_behavior: params.tax_behavior ?? 'unspecified',
    tiers_mode: null,
    transform_quantity: null,
    type: 'one_time',
    unit_amount: params.unit_amount,
    unit_amount_decimal: String(params.unit_amount),
  };
  side.tables.prices.set(price.id, price);
  emit(side, causedBy(call), 'price.created', price);
  return price;
}

export function findPrice(call: Call, id: string, param: string): Price {
  return findIn(call.side.tables.prices, id, call.livemode, { what: 'price', param }, (p) => p.livemode);
}

function list(params: Shaped<typeof listing>, call: Call): object {
  const mine = call.side.tables.prices.values().filter((p) => p.livemode === call.livemode);
  return listPage(
    mine.reverse(),
    params,
    '/v1/prices',
    'price',
    (price) =>
      (params.active === undefined || price.active === params.active) &&
      (params.currency === undefined || price.currency === params.currency) &&
      (params.product === undefined || price.product === params.product) &&
      within(params.created, price.created),
  );
}

// Stripe's permission for prices still bears the name of plans.
export const priceRoutes: Route[] = [
  route('POST /v1/prices', 'plan', hash(creation), (params, call) => createPrice(params, call)),
  route('GET /v1/prices', 'plan', hash(listing), list),
  route('GET /v1/prices/{id}', 'plan', hash({}), (_, call) =>
    findPrice(call, call.path.id as string, 'price'),
  ),
];
