import { metadata } from '../../http/metadata.js';
import { boolean, clearable, hash, integer, oneOf, optional, text, unsupported } from '../../http/shapes.js';
import { methodTypeParameters } from '../../payments/method-types.js';
import { address } from '../payment-methods/billing.js';
import { currency } from '../prices/routes.js';

export const shipping = hash({
  address,
  carrier: clearable(text()),
  name: text(),
  phone: clearable(text()),
  tracking_number: clearable(text()),
});

/** What an intent takes over as it is; a session's `payment_intent_data` has the same. */
export const intentDetails = {
  description: clearable(text({ longest: 1000 })),
  receipt_email: clearable(text()),
  setup_future_usage: clearable(oneOf('off_session', 'on_session')),
  shipping: clearable(shipping),
  statement_descriptor: clearable(text({ longest: 22 })),
  statement_descriptor_suffix: clearable(text({ longest: 22 })),
  transfer_group: clearable(text()),
};

export const confirmation = {
  payment_method: optional(text()),
  return_url: optional(text()),
  off_session: optional(boolean()),
  mandate_data: optional({ read: (value: unknown) => value }),
};

export const creation = {
  ...intentDetails,
  ...confirmation,
  amount: integer({ least: 1, most: 99_999_999 }),
  currency: currency(),
  automatic_payment_methods: optional(
    hash({ enabled: boolean(), allow_redirects: optional(oneOf('always', 'never')) }),
  ),
  capture_method: optional(oneOf('automatic', 'automatic_async', 'manual')),
  confirm: optional(boolean()),
  confirmation_method: optional(oneOf('automatic')),
  customer: unsupported(),
  metadata: metadata(),
  payment_method_data: unsupported(),
  ...methodTypeParameters,
};

export const capture = { amount_to_capture: optional(integer({ least: 1 })) };
