import { routesOf, type Webhook } from './apis.js';
import { type Evidence, type Recognition, recognise, strongest, sumOf } from './evidence.js';
import { functionEvidence, speaksOfStripe } from './function-evidence.js';
import { namesOtherService, namesStripe } from './secret-names.js';
import { hasHookWord, isOfAnotherTrade, weightOfName } from './stripe-words.js';
import type { Template } from './template.js';

export interface RecognisedWebhook {
  webhook: Webhook;
  recognition: Recognition;
}

/** The routes that Stripe calls, as far as the evidence goes. Beside certain ones, thin ones do not count. */
export function webhooksOf(template: Template): RecognisedWebhook[] {
  return template.once('webhooks', () => {
    const named = routesOf(template).filter((one) => isNamed(template, one));
    const told = named.map((webhook) => ({ webhook, recognition: byFlag }));
    if (!speaksOfStripe(template)) return told;
    const rest = routesOf(template).filter((one) => !named.includes(one) && mayBeStripes(one));
    const found = rest.flatMap((webhook) => {
      const recognition = isBest(webhook, rest) ? recognise(evidenceFor(webhook)) : undefined;
      return recognition ? [{ webhook, recognition }] : [];
    });
    const sure = found.filter((one) => one.recognition.certainty === 'sure');
    return [...told, ...(sure.length > 0 ? sure : told.length > 0 ? [] : found)];
  });
}

const byFlag: Recognition = { certainty: 'sure', because: ['you named it'] };

function isNamed(template: Template, { path, eventName }: Webhook): boolean {
  const { webhooks } = template.hints;
  return webhooks.includes(path) || (eventName !== undefined && webhooks.includes(eventName));
}

/** Stripe posts; and what bears another service's name is that service's. */
function mayBeStripes({ method, path, eventName = '' }: Webhook): boolean {
  if (method !== 'POST' && method !== '*') return false;
  return namesStripe(path) || !(namesOtherService(path) || namesOtherService(eventName));
}

function evidenceFor(webhook: Webhook): Evidence[] {
  const own = strongest([...pathEvidence(webhook), ...eventEvidence(webhook)]);
  const trade = isOfAnotherTrade(webhook.path)
    ? [{ weight: -2, words: 'its path is that of another trade' }]
    : [];
  return [...own, ...(webhook.handler ? functionEvidence(webhook.handler) : []), ...trade];
}

function pathEvidence({ path, method, kind }: Webhook): Evidence[] {
  const words = kind === 'function-url' ? 'its function URL' : `its route ${path}`;
  if (namesStripe(path)) return [{ weight: hasHookWord(path) ? 3 : 2, words }];
  if (hasHookWord(path)) return [{ weight: 1, words }];
  const open =
    kind === 'function-url' || path === '/' || (method === '*' && /\{[\w]+\+\}|\$default/.test(path));
  return open ? [{ weight: 1, words }] : [];
}

function eventEvidence({ eventName }: Webhook): Evidence[] {
  const weight = eventName === undefined ? 0 : weightOfName(eventName);
  return weight > 0 ? [{ weight, words: `its event ${eventName}` }] : [];
}

/** Of the routes of one function, those that say most: what the function is does not make all of them webhooks. */
function isBest(webhook: Webhook, all: readonly Webhook[]): boolean {
  const siblings = all.filter((one) => one.handler !== undefined && one.handler === webhook.handler);
  if (siblings.length < 2) return true;
  const own = (one: Webhook): number =>
    sumOf(strongest([...pathEvidence(one), ...eventEvidence(one)])) - (isOfAnotherTrade(one.path) ? 2 : 0);
  const best = Math.max(...siblings.map(own));
  return best > 0 && own(webhook) === best;
}
