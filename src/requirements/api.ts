import type { RequirementTable } from './types.js';

/** What must hold for the area `api`. */
export const API = {
  'api.reachable': {
    severity: 'fail',
    item: 12,
    title: 'The webhook URL answers an unsigned request with our own 400',
    why: 'Any other answer means that something else, or nothing, is at the URL that Stripe calls.',
  },
  'api.refusals': {
    severity: 'fail',
    item: 12,
    title: 'The webhook refused no Stripe signature recently',
    why: 'With a wrong signing secret every event that Stripe sends is refused with 400, while URL, function and database are healthy.',
  },
  'api.signature': {
    severity: 'fail',
    item: 12,
    title: 'The webhook accepts the stored signing secret and no other',
    why: 'It is the only proof that the handler verifies signatures with the secret that Stripe signs with.',
  },
  'api.throttled': {
    severity: 'warn',
    item: 6,
    title: 'The webhook stage has rate and burst limits',
    why: 'The URL is public. Without a limit, a flood of requests exhausts the account and the database; Stripe repeats a request that was throttled.',
  },
} as const satisfies RequirementTable;
