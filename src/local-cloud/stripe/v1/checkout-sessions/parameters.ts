import { metadata } from '../../http/metadata.js';
import {
  boolean,
  hash,
  integer,
  listOf,
  oneOf,
  optional,
  type Shape,
  type Shaped,
  text,
  unsupported,
} from '../../http/shapes.js';
import { methodTypeParameters } from '../../payments/method-types.js';
import { intentDetails } from '../payment-intents/parameters.js';
import { priceData } from '../prices/routes.js';

const lineItem = hash({
  price: optional(text()),
  price_data: optional(hash(priceData)),
  quantity: optional(integer({ least: 1, most: 999_999 })),
  adjustable_quantity: unsupported(),
  dynamic_tax_rates: unsupported(),
  tax_rates: unsupported(),
});
export type LineItemParameters = typeof lineItem extends Shape<infer T> ? T : never;

/** Parameters that change what is paid or asked for, and that the local cloud does not act on. */
const beyond = Object.fromEntries(
  [
    ...[
      'after_expiration',
      'adaptive_pricing',
      'automatic_tax',
      'consent_collection',
      'custom_fields',
      'custom_text',
    ],
    ...['customer', 'customer_account', 'customer_update', 'discounts', 'invoice_creation', 'optional_items'],
    ...[
      'payment_method_configuration',
      'permissions',
      'return_url',
      'redirect_on_completion',
      'setup_intent_data',
    ],
    ...['shipping_address_collection', 'shipping_options', 'subscription_data', 'tax_id_collection'],
  ].map((name) => [name, unsupported()]),
);

/** Parameters that only tell how the page looks or behaves; they are accepted and shown again. */
const appearance = {
  allow_promotion_codes: optional(boolean()),
  billing_address_collection: optional(oneOf('auto', 'required')),
  customer_creation: optional(oneOf('always', 'if_required')),
  locale: optional(text()),
  payment_method_collection: optional(oneOf('always', 'if_required')),
  payment_method_options: optional({ read: (value: unknown) => value }),
  phone_number_collection: optional(hash({ enabled: boolean() })),
  submit_type: optional(oneOf('auto', 'book', 'donate', 'pay', 'subscribe')),
};

const members = {
  ...appearance,
  mode: optional(oneOf('payment', 'setup', 'subscription')),
  line_items: optional(listOf(lineItem, { most: 100 })),
  success_url: optional(text()),
  cancel_url: optional(text()),
  client_reference_id: optional(text({ longest: 200 })),
  currency: optional(text()),
  customer_email: optional(text({ longest: 800 })),
  expires_at: optional(integer()),
  metadata: metadata(),
  payment_intent_data: optional(
    hash({
      ...intentDetails,
      metadata: metadata(),
      capture_method: optional(oneOf('automatic', 'automatic_async', 'manual')),
    }),
  ),
  ...methodTypeParameters,
  ui_mode: optional(oneOf('hosted', 'hosted_page', 'embedded', 'embedded_page', 'custom', 'elements')),
};

export const creation: Shape<Shaped<typeof members>> = hash({ ...beyond, ...members });
export type Creation = Shaped<typeof members>;
