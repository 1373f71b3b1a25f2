import { isMap, type TemplateNode, valueAt } from '../../document/node.js';
import { stagesOf, type Webhook } from '../../model/apis.js';
import { stripePath } from '../../model/stripe-path.js';
import type { Resource, Template } from '../../model/template.js';
import { type Edit, setProperty } from '../../patch/edit.js';
import type { Value } from '../../patch/value.js';
import type { AuditRule, Judgement } from '../../rule.js';

const LIMITS: { [key: string]: Value } = { ThrottlingBurstLimit: 100, ThrottlingRateLimit: 50 };
const ALL_METHODS: Value = [{ ResourcePath: '/*', HttpMethod: '*', ...LIMITS }];

export const throttled: AuditRule = {
  id: 'api.throttled',
  title: "The webhook's stage throttles",
  area: 'api',
  severity: 'warn',
  item: 6,
  why: "The webhook is open to everybody: a flood of forged requests takes the concurrency that Stripe's events need. (A usage plan does not help: it counts only requests with an API key, which Stripe sends none of.)",
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
  if (webhook.kind === 'function-url') {
    yield {
      at: webhook.place,
      summary: `${webhook.handler.id} is called by its function URL, which cannot be throttled.`,
      expected: 'an API in front of it whose stage throttles',
      advice:
        'Put an API Gateway stage with throttling in front, or cap the function by reserved concurrency.',
    };
    return;
  }
  if (webhook.implicit) yield* judgeImplicit(template, webhook);
  else if (webhook.api)
    for (const stage of stagesOf(template, webhook.api)) {
      if (isThrottled(template, stage, webhook.kind)) continue;
      yield { ...unthrottled(stage.entry.at, stage.id, webhook), patch: patch(stage, webhook.kind) };
    }
}

const unthrottled = (at: Judgement['at'], id: string, { path, kind }: Webhook): Judgement => ({
  at,
  summary: `${id} does not throttle ${path}.`,
  expected:
    kind === 'http'
      ? 'DefaultRouteSettings with ThrottlingBurstLimit and ThrottlingRateLimit'
      : 'MethodSettings with ThrottlingBurstLimit and ThrottlingRateLimit',
  advice: 'Limit rate and burst. Stripe repeats a delivery that was throttled.',
});

/** SAM's own API takes its settings from `Globals`. */
function* judgeImplicit(template: Template, webhook: Webhook): Generator<Judgement> {
  const section = webhook.kind === 'http' ? 'HttpApi' : 'Api';
  const property = webhook.kind === 'http' ? 'DefaultRouteSettings' : 'MethodSettings';
  const value = webhook.kind === 'http' ? LIMITS : ALL_METHODS;
  const globals = valueAt(template.document.root, 'Globals', section);
  if (limited(template, valueAt(globals, property))) return;
  const edit: Edit | undefined =
    globals === undefined
      ? { kind: 'section', section: 'Globals', key: section, value: { [property]: value } }
      : isMap(globals) && !globals.shared && !globals.entries.has(property)
        ? { kind: 'add', map: globals, key: property, value }
        : undefined;
  yield { ...unthrottled(webhook.place, "SAM's own API", webhook), patch: edit && [edit] };
}

function isThrottled(template: Template, stage: Resource, kind: Webhook['kind']): boolean {
  const properties = kind === 'http' ? ['DefaultRouteSettings', 'RouteSettings'] : ['MethodSettings'];
  const section = kind === 'http' ? 'HttpApi' : 'Api';
  const sam = stage.type.startsWith('AWS::Serverless::');
  return properties.some(
    (property) =>
      limited(template, valueAt(stage.properties, property)) ||
      (sam && limited(template, valueAt(template.document.root, 'Globals', section, property))),
  );
}

/** Whether both limits stand somewhere in the settings. */
function limited(template: Template, settings: TemplateNode | undefined): boolean {
  return template.items(settings).some(({ node }) => {
    if (Object.keys(LIMITS).every((name) => valueAt(node, name))) return true;
    return (
      isMap(node) &&
      [...node.entries.values()].some((entry) =>
        Object.keys(LIMITS).every((name) => valueAt(entry.value, name)),
      )
    );
  });
}

function patch(stage: Resource, kind: Webhook['kind']): Edit[] | undefined {
  const property = kind === 'http' ? 'DefaultRouteSettings' : 'MethodSettings';
  const there = stage.properties?.entries.get(property)?.value;
  if (there?.kind === 'list' && !there.shared)
    return [{ kind: 'append', list: there, value: (ALL_METHODS as readonly Value[])[0] ?? {} }];
  if (there && !isMap(there)) return undefined;
  const edits =
    kind === 'http' && there
      ? Object.entries(LIMITS).map(([name, value]) => setProperty(stage, [property, name], value))
      : [setProperty(stage, [property], kind === 'http' ? LIMITS : ALL_METHODS)];
  return edits.every((edit) => edit !== undefined) ? edits : undefined;
}
