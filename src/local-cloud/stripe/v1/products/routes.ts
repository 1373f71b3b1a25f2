import { causedBy, emit } from '../../delivery/emit.js';
import { invalidRequest } from '../../http/errors.js';
import { listPage, listParameters } from '../../http/lists.js';
import { changedMetadata, metadata } from '../../http/metadata.js';
import { type Call, type Route, route } from '../../http/routes.js';
import {
  boolean,
  clearable,
  hash,
  listOf,
  optional,
  type Shaped,
  text,
  unsupported,
} from '../../http/shapes.js';
import { timeRange, within } from '../../http/time-ranges.js';
import { newId } from '../../ids.js';
import { nowSeconds } from '../../side.js';
import { findIn, type Product } from '../../tables.js';

/** Of a product, what `price_data[product_data]` of a session may hold as well. */
export const productData = {
  name: text({ longest: 250 }),
  description: clearable(text({ longest: 40_000 })),
  images: optional(listOf(text(), { most: 8 })),
  metadata: metadata(),
  tax_code: clearable(text()),
  unit_label: clearable(text()),
};

const creation = {
  ...productData,
  id: optional(text({ longest: 255 })),
  active: optional(boolean()),
  shippable: optional(boolean()),
  statement_descriptor: clearable(text({ longest: 22 })),
  url: clearable(text()),
  default_price_data: unsupported(),
};

const listing = {
  ...listParameters,
  active: optional(boolean()),
  created: timeRange(),
  ids: optional(listOf(text())),
};

/** Makes a product, and its event. One made inline by a session is inactive, as at Stripe. */
export function createProduct(
  params: Partial<Shaped<typeof creation>> & { name: string },
  call: Call,
  active = true,
): Product {
  const { side, livemode } = call;
  const id = params.id ?? newId.product();
  if (side.tables.products.has(id))
    throw invalidRequest('Product already exists.', 'id', 'resource_already_exists');
  const created = nowSeconds(side);
  const product: Product = {
    id,
    object: 'product',
    active: params.active ?? active,
    created,
    default_price: null,
    description: params.description ?? null,
    images: params.images ?? [],
    livemode,
    marketing_features: [],
    metadata: changedMetadata({}, params.metadata),
    name: params.name,
    package_dimensions: null,
    shippable: params.shippable ?? null,
    statement_descriptor: params.statement_descriptor ?? null,
    tax_code: params.tax_code ?? null,
    tax_details: null,
    type: 'service',
    unit_label: params.unit_label ?? null,
    updated: created,
    url: params.url ?? null,
  };
  side.tables.products.set(id, product);
  emit(side, causedBy(call), 'product.created', product);
  return product;
}

export function findProduct(call: Call, id: string, param: string): Product {
  return findIn(call.side.tables.products, id, call.livemode, { what: 'product', param }, (p) => p.livemode);
}

function list(params: Shaped<typeof listing>, call: Call): object {
  const mine = call.side.tables.products.values().filter((p) => p.livemode === call.livemode);
  return listPage(
    mine.reverse(),
    params,
    '/v1/products',
    'product',
    (product) =>
      (params.active === undefined || product.active === params.active) &&
      (params.ids === undefined || params.ids.includes(product.id)) &&
      within(params.created, product.created),
  );
}

export const productRoutes: Route[] = [
  route('POST /v1/products', 'product', hash(creation), (params, call) => createProduct(params, call)),
  route('GET /v1/products', 'product', hash(listing), list),
  route('GET /v1/products/{id}', 'product', hash({}), (_, call) =>
    findProduct(call, call.path.id as string, 'id'),
  ),
];
