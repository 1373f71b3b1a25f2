import { isMap, type MapEntry, type Span, scalarText, type TemplateNode, valueAt } from '../document/node.js';
import { eventsOf, functionsOf, type LambdaFunction } from './functions.js';
import { invokedFunction } from './rules.js';
import type { Resource, Template } from './template.js';
import { type Reference, referenceOf, referencesIn, textOf } from './text.js';

/** An HTTP route that Stripe's webhook endpoint calls. */
export interface Webhook {
  handler: LambdaFunction;
  /** `POST`; `*` for any. */
  method: string;
  path: string;
  place: Span;
  kind: 'rest' | 'http' | 'function-url';
  /** The API resource; undefined: SAM makes it, or it stands elsewhere. */
  api: Resource | undefined;
  /** SAM makes the API by itself, from `Globals`. */
  implicit: boolean;
}

const STRIPE_ROUTE = /stripe/i;
const SIGNING_SECRET = /STRIPE.*(SECRET|SIGNING)|WEBHOOK.*SECRET/i;
const API_KEY = /STRIPE_(SECRET_KEY|API_KEY|KEY)$/i;

/** Every route to a function. */
export function routesOf(template: Template): Webhook[] {
  return template.once('routes', () => [
    ...samRoutes(template),
    ...restRoutes(template),
    ...httpRoutes(template),
    ...describedRoutes(template),
    ...functionUrls(template),
  ]);
}

/** The routes for Stripe: by their path, or because their function knows a signing secret. */
export function webhooksOf(template: Template): Webhook[] {
  return template.once('webhooks', () => {
    const all = routesOf(template);
    const byPath = all.filter((one) => /webhook/i.test(one.path) && STRIPE_ROUTE.test(one.path));
    if (byPath.length > 0) return byPath;
    return all.filter(
      (one) =>
        knowsSigningSecret(one.handler) &&
        (STRIPE_ROUTE.test(one.path) || /hook|event/i.test(one.path) || one.kind === 'function-url'),
    );
  });
}

const knowsSigningSecret = (one: LambdaFunction): boolean =>
  one.variables().some(({ key }) => SIGNING_SECRET.test(key) && !API_KEY.test(key));

function samRoutes(template: Template): Webhook[] {
  return [...functionsOf(template).values()].flatMap((handler) =>
    eventsOf(handler, 'Api', 'HttpApi').map((event): Webhook => {
      const properties = valueAt(event.value, 'Properties');
      const http = scalarText(valueAt(event.value, 'Type')) === 'HttpApi';
      const named = valueAt(properties, http ? 'ApiId' : 'RestApiId');
      return {
        handler,
        method: methodNamed(scalarText(valueAt(properties, 'Method'))),
        path: scalarText(valueAt(properties, 'Path')) ?? '/',
        place: event.at,
        kind: http ? 'http' : 'rest',
        api: template.resources.get(referenceOf(named)?.ref ?? ''),
        implicit: named === undefined,
      };
    }),
  );
}

function restRoutes(template: Template): Webhook[] {
  return template.ofType('AWS::ApiGateway::Method').flatMap((method) => {
    const handler = integrated(template, valueAt(method.properties, 'Integration', 'Uri'));
    if (!handler) return [];
    const api = template.resources.get(referenceOf(valueAt(method.properties, 'RestApiId'))?.ref ?? '');
    const path = restPath(template, valueAt(method.properties, 'ResourceId'));
    const named = methodNamed(scalarText(valueAt(method.properties, 'HttpMethod')));
    return [
      { handler, method: named, path, place: method.entry.at, kind: 'rest' as const, api, implicit: false },
    ];
  });
}

/** `/webhooks/stripe`, from the chain of resources upwards. */
function restPath(template: Template, resourceId: TemplateNode | undefined): string {
  const parts: string[] = [];
  let here = resourceId;
  for (const seen = new Set<string>(); ; ) {
    const reference = referenceOf(here);
    const resource = reference && template.resources.get(reference.ref);
    if (resource?.type !== 'AWS::ApiGateway::Resource' || seen.has(resource.id)) return `/${parts.join('/')}`;
    seen.add(resource.id);
    parts.unshift(scalarText(valueAt(resource.properties, 'PathPart')) ?? '?');
    here = valueAt(resource.properties, 'ParentId');
  }
}

function httpRoutes(template: Template): Webhook[] {
  return template.ofType('AWS::ApiGatewayV2::Route').flatMap((route) => {
    const target = textOf(valueAt(route.properties, 'Target'));
    const integration = referencesIn(target)
      .map(({ ref }) => template.resources.get(ref))
      .find((one) => one?.type === 'AWS::ApiGatewayV2::Integration');
    const handler = integrated(template, valueAt(integration?.properties, 'IntegrationUri'));
    if (!handler) return [];
    const api = template.resources.get(referenceOf(valueAt(route.properties, 'ApiId'))?.ref ?? '');
    const [method = '*', path = '/'] = (scalarText(valueAt(route.properties, 'RouteKey')) ?? '').split(/\s+/);
    return [
      {
        handler,
        method: methodNamed(method),
        path,
        place: route.entry.at,
        kind: 'http' as const,
        api,
        implicit: false,
      },
    ];
  });
}

/** Routes in an API's own OpenAPI description. */
function describedRoutes(template: Template): Webhook[] {
  const apis = template.ofType(
    'AWS::Serverless::Api',
    'AWS::ApiGateway::RestApi',
    'AWS::Serverless::HttpApi',
    'AWS::ApiGatewayV2::Api',
  );
  return apis.flatMap((api) => {
    const paths = valueAt(
      api.properties,
      api.type.includes('Serverless') ? 'DefinitionBody' : 'Body',
      'paths',
    );
    if (!isMap(paths)) return [];
    return [...paths.entries.values()].flatMap((path) => describedMethods(template, api, path));
  });
}

function describedMethods(template: Template, api: Resource, path: MapEntry): Webhook[] {
  if (!isMap(path.value)) return [];
  const kind = /HttpApi|V2/.test(api.type) ? 'http' : 'rest';
  return [...path.value.entries.values()].flatMap((method) => {
    const handler = integrated(template, valueAt(method.value, 'x-amazon-apigateway-integration', 'uri'));
    return handler
      ? [
          {
            handler,
            method: methodNamed(method.key),
            path: path.key,
            place: path.at,
            kind,
            api,
            implicit: false,
          } as const,
        ]
      : [];
  });
}

function functionUrls(template: Template): Webhook[] {
  const functions = functionsOf(template);
  const own = [...functions.values()].flatMap((handler) => {
    const entry = handler.sam ? handler.resource.properties?.entries.get('FunctionUrlConfig') : undefined;
    return entry ? [functionUrl(handler, entry)] : [];
  });
  const separate = template.ofType('AWS::Lambda::Url').flatMap((url) => {
    const handler = functions.get(
      invokedFunction(template, valueAt(url.properties, 'TargetFunctionArn')) ?? '',
    );
    return handler ? [functionUrl(handler, url.entry)] : [];
  });
  return [...own, ...separate];
}

const functionUrl = (handler: LambdaFunction, entry: MapEntry): Webhook => ({
  handler,
  method: '*',
  path: '/',
  place: entry.at,
  kind: 'function-url',
  api: undefined,
  implicit: false,
});

const methodNamed = (name: string | undefined): string =>
  name === undefined || /^(any|\$default|x-amazon-apigateway-any-method|\*)$/i.test(name)
    ? '*'
    : name.toUpperCase();

/** The function that an integration's URI invokes. */
function integrated(template: Template, uri: TemplateNode | undefined): LambdaFunction | undefined {
  const functions = functionsOf(template);
  const ids = referencesIn(textOf(uri)).map(({ ref }: Reference) => ref);
  const direct = ids.map((id) => functions.get(id)).find((one) => one !== undefined);
  return direct ?? functions.get(invokedFunction(template, uri) ?? '');
}

/** What says how an API's stage behaves: the API itself for SAM's, every stage of a plain one. */
export function stagesOf(template: Template, api: Resource): Resource[] {
  if (api.type.startsWith('AWS::Serverless::')) return [api];
  const property = api.type === 'AWS::ApiGatewayV2::Api' ? 'ApiId' : 'RestApiId';
  return template
    .ofType('AWS::ApiGateway::Stage', 'AWS::ApiGatewayV2::Stage')
    .filter((stage) => referenceOf(valueAt(stage.properties, property))?.ref === api.id);
}
