import { clearable, hash, type Shape, text } from '../../http/shapes.js';
import type { BillingDetails } from '../../tables.js';

export const address = hash({
  city: clearable(text()),
  country: clearable(text()),
  line1: clearable(text()),
  line2: clearable(text()),
  postal_code: clearable(text()),
  state: clearable(text()),
});

export const billingDetails = hash({
  address: clearable(address),
  email: clearable(text({ longest: 512 })),
  name: clearable(text()),
  phone: clearable(text()),
});
type Given = typeof billingDetails extends Shape<infer T> ? T : never;

/** Billing details as objects hold them: every member there, null where nothing was given. */
export function toBilling(given: Given | undefined): BillingDetails {
  const { city, country, line1, line2, postal_code, state } = given?.address ?? {};
  return {
    address: {
      city: city ?? null,
      country: country ?? null,
      line1: line1 ?? null,
      line2: line2 ?? null,
      postal_code: postal_code ?? null,
      state: state ?? null,
    },
    email: given?.email ?? null,
    name: given?.name ?? null,
    phone: given?.phone ?? null,
  };
}
