import { requirement } from '../../../requirements/requirement.js';
import { valueAt } from '../../document/node.js';
import { type AlarmMetric, alarmMetrics, dimensionOf } from '../../model/alarms.js';
import type { Webhook } from '../../model/apis.js';
import { freeId } from '../../model/logical-ids.js';
import { stripePath } from '../../model/stripe-path.js';
import type { Template } from '../../model/template.js';
import { referenceOf, sameText, textOf } from '../../model/text.js';
import { addResource } from '../../patch/edit.js';
import { copied, ref, type Value } from '../../patch/value.js';
import type { AuditRule, Judgement } from '../../rule.js';
import { alarm } from '../resources.js';
import { alarmTopic } from './topic.js';

const METRICS: Record<Webhook['kind'], readonly string[]> = {
  rest: ['5XXError'],
  http: ['5xx'],
  'function-url': ['Url5xxCount'],
};

export const webhookAlarm: AuditRule = {
  ...requirement('alarm.webhook'),
  *judge(template) {
    const seen = new Set<string>();
    for (const webhook of stripePath(template).webhooks) {
      const key = webhook.api?.id ?? webhook.handler?.id ?? webhook.path;
      if (seen.has(key)) continue;
      seen.add(key);
      const watched = alarmMetrics(template).some((metric) => watches(template, metric, webhook));
      if (!watched) yield missing(template, webhook);
    }
  },
};

function missing(template: Template, webhook: Webhook): Judgement {
  const { value: topic, edits } = alarmTopic(template);
  const dimensions = dimensionsOf(webhook);
  const id = freeId(template, 'StripeWebhookServerErrorsAlarm');
  return {
    at: webhook.place,
    summary: `No alarm watches the server errors of ${webhook.path}.`,
    expected: `an alarm on ${METRICS[webhook.kind][0]} of its API`,
    advice: 'Add the alarm, with the dimensions that the API reports under.',
    patch: dimensions && [
      ...edits,
      addResource(
        id,
        alarm({
          description: `The webhook ${webhook.path} answered Stripe with server errors.`,
          namespace: webhook.kind === 'function-url' ? 'AWS/Lambda' : 'AWS/ApiGateway',
          metric: METRICS[webhook.kind][0] ?? '',
          dimensions,
          topic,
        }),
      ),
    ],
  };
}

function watches(
  template: Template,
  metric: AlarmMetric,
  { kind, api, implicit, handler }: Webhook,
): boolean {
  if (kind === 'function-url')
    return (
      metric.namespace === 'AWS/Lambda' &&
      METRICS[kind].includes(metric.metric) &&
      isNamed(metric, handler?.id)
    );
  if (metric.namespace !== 'AWS/ApiGateway' || !METRICS[kind].includes(metric.metric)) return false;
  if (kind === 'http')
    return referenceOf(dimensionOf(metric, 'ApiId')?.value)?.ref === (api?.id ?? 'ServerlessHttpApi');
  const text = textOf(dimensionOf(metric, 'ApiName')?.value);
  if (!text) return false;
  const stated = textOf(valueAt(api?.properties, 'Name'));
  // Where neither the template nor SAM says the name, any is taken to be right.
  if (stated) return template.canonical(text) === template.canonical(stated);
  return !isNamedAfterStack({ api, implicit }) || sameText(text, [{ ref: 'AWS::StackName' }]);
}

const isNamed = (metric: AlarmMetric, id: string | undefined): boolean =>
  id !== undefined && referenceOf(dimensionOf(metric, 'FunctionName')?.value)?.ref === id;

function dimensionsOf(webhook: Webhook): (readonly [string, Value])[] | undefined {
  const { kind, api, handler } = webhook;
  if (kind === 'function-url') return handler && [['FunctionName', ref(handler.id)]];
  if (kind === 'http') return [['ApiId', ref(api?.id ?? 'ServerlessHttpApi')]];
  const name = restName(webhook);
  return name === undefined ? undefined : [['ApiName', name]];
}

/** REST APIs report under their name, not under their id. */
function restName({ api, implicit }: Webhook): Value | undefined {
  const stated = api && valueAt(api.properties, 'Name');
  if (stated) return copied(stated);
  return isNamedAfterStack({ api, implicit }) ? ref('AWS::StackName') : undefined;
}

/** SAM calls an API after the stack when nothing is said. */
function isNamedAfterStack({ api, implicit }: Pick<Webhook, 'api' | 'implicit'>): boolean {
  const described = ['DefinitionBody', 'DefinitionUri'].some((key) => api?.properties?.entries.has(key));
  return implicit || (api?.type === 'AWS::Serverless::Api' && !described);
}
