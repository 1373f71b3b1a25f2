import { routesOf, type Webhook } from './apis.js';
import { type Evidence, type Recognition, recognise, sumOf } from './evidence.js';
import { functionEvidence, speaksOfStripe } from './function-evidence.js';
import { nameEvidence, namesOfFunction, namesOfRoute } from './names.js';
import { namesOtherService, namesStripe } from './secret-names.js';
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
    return [...told, ...clearest(told.length > 0 ? [] : found)];
  });
}

/** Beside a route that says itself that it is Stripe's, others that do not are others. */
function clearest(found: readonly RecognisedWebhook[]): RecognisedWebhook[] {
  const sure = found.filter((one) => one.recognition.certainty === 'sure');
  const saying = sure.filter(({ webhook }) => ownWeight(webhook) >= 2);
  const best = saying.length > 0 ? sure.filter(({ webhook }) => ownWeight(webhook) >= 1) : sure;
  const kept = best.length > 0 ? best : found;
  return kept.filter(
    ({ webhook }, index) =>
      kept.findIndex(
        (other) => other.webhook.path === webhook.path && other.webhook.handler === webhook.handler,
      ) === index,
  );
}

const byFlag: Recognition = { certainty: 'sure', because: ['you named it'] };

function isNamed(template: Template, { path, eventName }: Webhook): boolean {
  const { webhooks } = template.hints;
  return webhooks.includes(path) || (eventName !== undefined && webhooks.includes(eventName));
}

/** Stripe posts; and what bears another service's name is that service's. */
function mayBeStripes(webhook: Webhook): boolean {
  const { method, path, handler } = webhook;
  if (method !== 'POST' && method !== '*') return false;
  if (namesStripe(path)) return true;
  const names = [...namesOfRoute(webhook), ...(handler ? namesOfFunction(handler) : [])];
  return !names.some(({ name, words }) => !words.startsWith('its description') && namesOtherService(name));
}

function evidenceFor(webhook: Webhook): Evidence[] {
  const { handler } = webhook;
  return [
    ...nameEvidence([...namesOfRoute(webhook), ...(handler ? namesOfFunction(handler) : [])]),
    ...openEvidence(webhook),
    ...(handler ? functionEvidence(handler) : []),
  ];
}

/** A path that takes everything takes webhooks too. */
function openEvidence({ path, method, kind }: Webhook): Evidence[] {
  if (kind === 'function-url') return [{ weight: 1, words: 'its function URL' }];
  const open = path === '/' || (method === '*' && /\{\w+\+\}|\$default/.test(path));
  return open ? [{ weight: 1, words: `its route ${path}` }] : [];
}

/** How much a route says by itself. */
const ownWeight = (one: Webhook): number => sumOf([...nameEvidence(namesOfRoute(one)), ...openEvidence(one)]);

/** Of the routes of one function, those that say most: what the function is does not make all of them webhooks. */
function isBest(webhook: Webhook, all: readonly Webhook[]): boolean {
  const siblings = all.filter((one) => one.handler !== undefined && one.handler === webhook.handler);
  const best = Math.max(...siblings.map(ownWeight));
  return siblings.length < 2 || (best > 0 && ownWeight(webhook) === best);
}
