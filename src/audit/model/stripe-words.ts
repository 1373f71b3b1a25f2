import { namesStripe, wordsIn } from './secret-names.js';

/** What receives what others send. */
const HOOK = /^(HOOKS?|CALLBACKS?|LISTENERS?|NOTIFICATIONS?|NOTIFY|IPN|FULFIL\w*|RECEIVERS?|INGEST\w*)$/;
/** What says so only beside Stripe's name: a shop for events has many of them. */
const HAPPENED =
  /^(EVENTS?|UPDATED|CREATED|DELETED|SUCCEEDED|FAILED|COMPLETED|EXPIRED|REFUNDED|PAID|DISPUTED|DISPUTES|ISSUES?)$/;
/** What functions do that make payments, and settle none. */
const ANOTHER_TRADE =
  /^(CHECKOUT|CREATE|SESSIONS?|PORTAL|SUBSCRIBE|INTENTS?|CUSTOMERS?|PRICES?|PRICING|PRODUCTS?|CONFIG|CONNECT|ONBOARD\w*|ACCOUNTS?|REFUNDS?|CANCEL|PLANS?|COUPONS?|QUOTE|LIST|GET|FETCH|SEND|LOGIN|LINKS?|DASHBOARD|CHARGES?)$/;
/** What stands beside the way, and is none of it. */
const BESIDE =
  /^(AUTHORI[ZS]ER|SETUP|REGISTER|PROVISION\w*|MIGRAT\w*|CLEANUP|DRAIN\w*|REDRIVE|REPLAY\w*|REPROCESS\w*|CUSTOMRESOURCE|ALARMS?|DLQ|TESTS?|SEED)$/;

export function hasHookWord(name: string): boolean {
  const words = wordsIn(name);
  return (
    /webhook/i.test(name) ||
    words.some((word) => HOOK.test(word)) ||
    (namesStripe(name) && words.some((word) => HAPPENED.test(word)))
  );
}

/** Whether a name is that of something that makes payments, and settles none. */
export const isOfAnotherTrade = (name: string): boolean =>
  !hasHookWord(name) && wordsIn(name).some((word) => ANOTHER_TRADE.test(word));

/** Whether a name is that of something that stands beside the way: an authorizer, an alarm, what sets Stripe up. */
export const standsBeside = (name: string): boolean => wordsIn(name).some((word) => BESIDE.test(word));

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
