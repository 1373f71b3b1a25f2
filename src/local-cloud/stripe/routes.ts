import type { Route } from './http/routes.js';
import { accountRoutes } from './v1/account/routes.js';
import { balanceRoutes } from './v1/balance/routes.js';
import { chargeRoutes } from './v1/charges/routes.js';
import { checkoutSessionRoutes } from './v1/checkout-sessions/routes.js';
import { eventRoutes } from './v1/events/routes.js';
import { paymentIntentRoutes } from './v1/payment-intents/routes.js';
import { paymentMethodRoutes } from './v1/payment-methods/routes.js';
import { paymentPageRoutes } from './v1/payment-pages/routes.js';
import { priceRoutes } from './v1/prices/routes.js';
import { productRoutes } from './v1/products/routes.js';
import { webhookEndpointRoutes } from './v1/webhook-endpoints/routes.js';
import { eventDestinationRoutes } from './v2/event-destinations/routes.js';

/** Every API route of the local Stripe; what is not here is an unrecognized URL. */
export const ROUTES: readonly Route[] = [
  ...accountRoutes,
  ...balanceRoutes,
  ...chargeRoutes,
  ...checkoutSessionRoutes,
  ...eventDestinationRoutes,
  ...eventRoutes,
  ...paymentIntentRoutes,
  ...paymentMethodRoutes,
  ...paymentPageRoutes,
  ...priceRoutes,
  ...productRoutes,
  ...webhookEndpointRoutes,
];
