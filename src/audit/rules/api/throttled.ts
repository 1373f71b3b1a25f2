import { requirement } from '../../../requirements/requirement.js';
import { isList, isMap, type MapNode, type TemplateNode, valueAt } from '../../document/node.js';
import { routesOf, stagesOf, type Webhook } from '../../model/apis.js';
import { stripePath } from '../../model/stripe-path.js';
import type { Resource, Template } from '../../model/template.js';
import { referenceOf } from '../../model/text.js';
import { type Edit, setAt } from '../../patch/edit.js';
import type { Value } from '../../patch/value.js';
import type { AuditRule, Judgement } from '../../rule.js';

const LIMITS: { [key: string]: Value } = { ThrottlingBurstLimit: 100, ThrottlingRateLimit: 50 };

export const throttled: AuditRule = {
  ...requirement('api.throttled'),
  *judge(template) {
    const seen = new Set<string>();
    for (const webhook of stripePath(template).webhooks) {
      const key = webhook.api?.id ?? webhook.kind;
      if (seen.has(key)) continue;
      seen.add(key);
      yield* judgeWebhook(template, webhook);
    }
  },
};

function* judgeWebhook(template: Template, webhook: Webhook): Generator<Judgement> {
  if (webhook.kind === 'function-url')
    yield {
      at: webhook.place,
      summary: `${webhook.handler?.id} is called by its function URL, which cannot be throttled.`,
      expected: 'an API in front of it whose stage throttles',
      advice:
        'Put an API Gateway stage with throttling in front, or cap the function by reserved concurrency.',
    };
  else if (webhook.implicit) yield* judgeImplicit(template, webhook);
  else if (webhook.api) {
    yield* judgeDeployments(template, webhook, webhook.api);
    for (const stage of stagesOf(template, webhook.api)) {
      if (isThrottled(template, stage, webhook)) continue;
      yield {
        ...unthrottled(stage.entry.at, stage.id, webhook),
        patch: patch(stage.properties, wanted(template, webhook)),
      };
    }
  }
}

/** A deployment that makes its stage by itself says how that behaves, or nobody does. */
function* judgeDeployments(template: Template, webhook: Webhook, api: Resource): Generator<Judgement> {
  for (const deployment of template.ofType('AWS::ApiGateway::Deployment')) {
    if (referenceOf(valueAt(deployment.properties, 'RestApiId'))?.ref !== api.id) continue;
    if (!valueAt(deployment.properties, 'StageName')) continue;
    if (limits(template, valueAt(deployment.properties, 'StageDescription'), webhook)) continue;
    yield {
      ...unthrottled(deployment.entry.at, deployment.id, webhook),
      expected: 'an AWS::ApiGateway::Stage with MethodSettings, or MethodSettings in its StageDescription',
    };
  }
}

const unthrottled = (at: Judgement['at'], id: string, webhook: Webhook): Judgement => ({
  at,
  summary: `${id} does not throttle ${webhook.path}.`,
  expected: `${webhook.kind === 'http' ? 'DefaultRouteSettings' : 'MethodSettings'} with ThrottlingBurstLimit and ThrottlingRateLimit`,
  advice: 'Limit rate and burst. Stripe repeats a delivery that was throttled.',
});

/** SAM's own API takes its settings from `Globals`. */
function* judgeImplicit(template: Template, webhook: Webhook): Generator<Judgement> {
  const section = sectionOf(webhook);
  const globals = valueAt(template.document.root, 'Globals', section);
  if (limits(template, globals, webhook)) return;
  const { property, value } = wanted(template, webhook);
  const edits: Edit[] | undefined =
    globals === undefined
      ? [{ kind: 'section', section: 'Globals', key: section, value: { [property]: value } }]
      : patch(isMap(globals) ? globals : undefined, { property, value });
  yield { ...unthrottled(webhook.place, "SAM's own API", webhook), patch: edits };
}

/** The whole API where it is there for the webhook alone; else the one route, so that others keep their limits. */
function wanted(template: Template, webhook: Webhook): { property: string; value: Value } {
  const { kind, api, method, path } = webhook;
  const routes = routesOf(template).filter((one) => one.kind === kind && one.api?.id === api?.id);
  const alone = routes.length === 1;
  if (kind === 'http')
    return alone
      ? { property: 'DefaultRouteSettings', value: LIMITS }
      : { property: 'RouteSettings', value: { [`${method === '*' ? 'ANY' : method} ${path}`]: LIMITS } };
  const one = { ResourcePath: `/${path.replaceAll('/', '~1')}`, HttpMethod: method };
  const scope = alone ? { ResourcePath: '/*', HttpMethod: '*' } : one;
  return { property: 'MethodSettings', value: [{ ...scope, ...LIMITS }] };
}

function patch(
  properties: MapNode | undefined,
  { property, value }: { property: string; value: Value },
): Edit[] | undefined {
  const there = properties?.entries.get(property)?.value;
  if (!properties || !there) {
    const edit = setAt(properties, [property], value);
    return edit && [edit];
  }
  if (Array.isArray(value))
    return isList(there) ? [{ kind: 'append', list: there, value: value[0] ?? {} }] : undefined;
  const edits = Object.entries(value as { [key: string]: Value }).map(([name, item]) =>
    setAt(properties, [property, name], item),
  );
  return edits.every((edit) => edit !== undefined) ? edits : undefined;
}

const sectionOf = ({ kind }: Webhook): string => (kind === 'http' ? 'HttpApi' : 'Api');

function isThrottled(template: Template, stage: Resource, webhook: Webhook): boolean {
  const globals = valueAt(template.document.root, 'Globals', sectionOf(webhook));
  return (
    limits(template, stage.properties, webhook) ||
    (stage.type.startsWith('AWS::Serverless::') && limits(template, globals, webhook))
  );
}

/** Whether settings beside each other limit the webhook's route, or all of them. */
function limits(template: Template, properties: TemplateNode | undefined, { kind, path }: Webhook): boolean {
  const both = (node: TemplateNode | undefined): boolean =>
    Object.keys(LIMITS).every((name) => valueAt(node, name));
  if (kind === 'http') {
    const routes = valueAt(properties, 'RouteSettings');
    const ours = isMap(routes)
      ? [...routes.entries.values()].filter((entry) => entry.key.endsWith(` ${path}`))
      : [];
    return both(valueAt(properties, 'DefaultRouteSettings')) || ours.some((entry) => both(entry.value));
  }
  return template.items(valueAt(properties, 'MethodSettings')).some(({ node }) => {
    const scope = template.plainText(valueAt(node, 'ResourcePath')) ?? '/*';
    return both(node) && (scope === '/*' || scope.replaceAll('~1', '/').replace(/^\/\//, '/') === path);
  });
}
