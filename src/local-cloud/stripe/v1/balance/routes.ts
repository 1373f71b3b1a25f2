import { type Call, type Route, route } from '../../http/routes.js';
import { hash } from '../../http/shapes.js';

/** Everything taken is pending: the local cloud pays nothing out. */
function balance(_: object, call: Call): object {
  const taken = new Map<string, { amount: number; card: number }>();
  for (const charge of call.side.tables.charges.values()) {
    if (charge.livemode !== call.livemode || charge.status !== 'succeeded') continue;
    const sum = taken.get(charge.currency) ?? { amount: 0, card: 0 };
    const card = 'card' in (charge.payment_method_details as object) ? charge.amount : 0;
    taken.set(charge.currency, { amount: sum.amount + charge.amount, card: sum.card + card });
  }
  if (taken.size === 0) taken.set('eur', { amount: 0, card: 0 });
  const funds = [...taken].map(([currency, { amount, card }]) => ({
    amount,
    currency,
    source_types: { card, bank_account: amount - card },
  }));
  return {
    object: 'balance',
    available: funds.map(({ currency }) => ({ amount: 0, currency, source_types: { card: 0 } })),
    livemode: call.livemode,
    pending: funds,
  };
}

export const balanceRoutes: Route[] = [route('GET /v1/balance', 'balance', hash({}), balance)];
