import { namesStripe, wordsIn } from './secret-names.js';

const HOOK =
  /^(WEBHOOKS?|HOOKS?|EVENTS?|CALLBACKS?|LISTENERS?|NOTIFICATIONS?|NOTIFY|IPN|FULFIL\w*|RECEIVERS?)$/;
const HOOK_INSIDE = /webhook/i;
/** What functions do that make payments, and settle none. */
const CHECKOUT =
  /^(CHECKOUT|CREATE|SESSIONS?|PORTAL|SUBSCRIBE|INTENTS?|CUSTOMERS?|PRICES?|PRICING|PRODUCTS?|CONFIG|CONNECT|ONBOARD\w*|ACCOUNTS?|REFUNDS?|CANCEL|PLANS?|COUPONS?|QUOTE|LIST|GET|FETCH|CHARGES?)$/;
/** What stands beside the way, and is none of it. */
const BESIDE =
  /^(AUTHORI[ZS]ER|SETUP|REGISTER|PROVISION\w*|MIGRAT\w*|CLEANUP|DRAIN\w*|REDRIVE|REPLAY\w*|REPROCESS\w*|CUSTOMRESOURCE|ALARMS?|DLQ|TESTS?|SEED)$/;

export const hasHookWord = (name: string): boolean =>
  HOOK_INSIDE.test(name) || wordsIn(name).some((word) => HOOK.test(word));

/** Whether a name is that of something that makes payments, and settles none. */
export const isOfAnotherTrade = (name: string): boolean =>
  !hasHookWord(name) && wordsIn(name).some((word) => CHECKOUT.test(word));

/** Whether a name is that of something that stands beside the way: an authorizer, an alarm, what sets Stripe up. */
export const standsBeside = (name: string): boolean => wordsIn(name).some((word) => BESIDE.test(word));

/** How much a name speaks for Stripe's events: 3 for both words, 1 for one of them. */
export function weightOfName(name: string): number {
  if (namesStripe(name)) return hasHookWord(name) ? 3 : 1;
  return hasHookWord(name) ? 1 : 0;
}

/** Types of events that only Stripe has. */
const OWN_TYPE =
  /^(checkout\.session|payment_intent|payment_method|payment_link|setup_intent|charge|invoiceitem|invoice|balance|payout|radar|terminal|issuing_\w+|subscription_schedule|customer\.subscription|customer\.source)\.[a-z_.]+$/;
/** Types that others could call theirs as well. */
const SHARED_TYPE =
  /^(account|coupon|customer|price|product|refund|transfer|person|plan|review|quote|tax_rate)\.[a-z_.]+$/;

/** How much a word speaks for being an event's type as Stripe writes it. */
export function weightOfType(word: string): number {
  if (OWN_TYPE.test(word)) return 3;
  return SHARED_TYPE.test(word) ? 1 : 0;
}
