import { planDelivery } from '../../delivery/deliver.js';
import { renderEvent } from '../../delivery/payloads.js';
import { receiver } from '../../delivery/receivers.js';
import { invalidRequest, noSuch, notSupported } from '../../http/errors.js';
import type { Call } from '../../http/routes.js';
import { boolean, hash, missing, optional, type Shaped, text } from '../../http/shapes.js';
import { findEvent } from './find.js';

const parameters = {
  webhook_endpoint: optional(text()),
  for_stripecli: optional(boolean()),
  account: optional(text()),
};
export const eventRetry = hash(parameters);

/** `stripe events resend`: one more delivery, to a webhook that was subscribed when the event was made. */
export function retryEvent(params: Shaped<typeof parameters>, call: Call): object {
  if (params.account !== undefined) throw notSupported('connected accounts', 'account');
  const event = findEvent(call);
  const id = params.webhook_endpoint;
  if (id === undefined) {
    if (params.for_stripecli)
      throw notSupported(
        '`stripe listen`, to which this event would go; name a webhook endpoint',
        'for_stripecli',
      );
    throw missing('webhook_endpoint');
  }
  const to = receiver(call.side, id);
  if (!to || to.livemode !== call.livemode) throw noSuch('webhook endpoint', id, 'webhook_endpoint');
  if (to.to.kind === 'eventbridge')
    throw invalidRequest(`Events cannot be resent to Amazon EventBridge (${id}).`, 'webhook_endpoint');
  if (!event.subscribers.includes(id))
    throw invalidRequest(
      `The webhook endpoint ${id} was not subscribed to ${event.type} when ${event.id} was created.`,
      'webhook_endpoint',
    );
  planDelivery(call.side, event.id, id, true);
  return renderEvent(event);
}
