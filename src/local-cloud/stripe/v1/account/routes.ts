import { STRIPE_ACCOUNT_ID } from '../../constants.js';
import { type Call, type Route, route } from '../../http/routes.js';
import { hash } from '../../http/shapes.js';
import { accountInvalid } from '../../keys/authenticate.js';

/** GET /v1/account is told apart from /v1/accounts/{id} by Stripe as well: both show this key's own account. */
function account(): object {
  return {
    id: STRIPE_ACCOUNT_ID,
    object: 'account',
    business_profile: { mcc: '7922', name: 'Local shop', url: null, support_email: null },
    business_type: 'company',
    capabilities: { card_payments: 'active', sepa_debit_payments: 'active', transfers: 'active' },
    charges_enabled: true,
    controller: { type: 'account' },
    country: 'IE',
    created: 1_700_000_000,
    default_currency: 'eur',
    details_submitted: true,
    email: null,
    metadata: {},
    payouts_enabled: true,
    settings: { dashboard: { display_name: 'Local shop', timezone: 'Etc/UTC' } },
    type: 'standard',
  };
}

function byId(_: object, call: Call): object {
  if (call.path.id === STRIPE_ACCOUNT_ID) return account();
  throw accountInvalid(call.key, call.path.id as string);
}

export const accountRoutes: Route[] = [
  route('GET /v1/account', 'connected_account', hash({}), account),
  route('GET /v1/accounts/{id}', 'connected_account', hash({}), byId),
];
