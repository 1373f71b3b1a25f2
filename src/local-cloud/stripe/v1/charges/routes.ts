import { listPage, listParameters } from '../../http/lists.js';
import { type Route, route } from '../../http/routes.js';
import { hash, optional, text } from '../../http/shapes.js';
import { timeRange, within } from '../../http/time-ranges.js';
import { findIn } from '../../tables.js';

const listing = hash({ ...listParameters, created: timeRange(), payment_intent: optional(text()) });

export const chargeRoutes: Route[] = [
  route('GET /v1/charges', 'charge', listing, (params, call) => {
    const mine = call.side.tables.charges.values().filter((c) => c.livemode === call.livemode);
    const { payment_intent: intent, created } = params;
    return listPage(
      mine.reverse(),
      params,
      '/v1/charges',
      'charge',
      (charge) =>
        (intent === undefined || charge.payment_intent === intent) && within(created, charge.created),
    );
  }),
  route('GET /v1/charges/{id}', 'charge', hash({}), (_, call) => {
    const names = { what: 'charge', param: 'id' };
    return findIn(call.side.tables.charges, call.path.id as string, call.livemode, names, (c) => c.livemode);
  }),
];
