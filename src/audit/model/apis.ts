import {
  everythingIn,
  isMap,
  type MapEntry,
  type Span,
  scalarText,
  type TemplateNode,
  valueAt,
} from '../document/node.js';
import { eventsOf, functionsOf, type LambdaFunction } from './functions.js';
import { consumersOf } from './inboxes.js';
import { behindAlias, invokedFunction } from './rules.js';
import type { Resource, Template } from './template.js';
import { keyOf, referenceOf, referencesIn, textOf } from './text.js';

/** An HTTP route; where Stripe's webhook endpoint calls it, a webhook. */
export interface Webhook {
  /** Undefined: it stands in another template. */
  handler: LambdaFunction | undefined;
  /** Takes the requests for the handler, when one stands between them. */
  queue?: Resource | undefined;
  /** The name of SAM's event, of the route or of the method. */
  eventName: string | undefined;
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

/** Every route to a function. */
export function routesOf(template: Template): Webhook[] {
  return template.once('routes', () => [
    ...samRoutes(template),
    ...restRoutes(template),
    ...httpRoutes(template),
    ...quickRoutes(template),
    ...describedRoutes(template),
    ...functionUrls(template),
  ]);
}

function samRoutes(template: Template): Webhook[] {
  return [...functionsOf(template).values()].flatMap((handler) =>
    eventsOf(handler, 'Api', 'HttpApi').map((event): Webhook => {
      const properties = valueAt(event.value, 'Properties');
      const http = scalarText(valueAt(event.value, 'Type')) === 'HttpApi';
      const named = valueAt(properties, http ? 'ApiId' : 'RestApiId');
      return {
        handler,
        eventName: event.key,
        method: methodNamed(template.plainText(valueAt(properties, 'Method'))),
        path: pathText(valueAt(properties, 'Path')),
        place: event.at,
        kind: http ? 'http' : 'rest',
        api: template.resources.get(referenceOf(named)?.ref ?? ''),
        implicit: named === undefined,
      };
    }),
  );
}

/** A path as it is written, with `${Stage}` for what only the deployment knows. */
const pathText = (node: TemplateNode | undefined): string => (node ? keyOf(textOf(node) ?? ['/']) : '/');

function restRoutes(template: Template): Webhook[] {
  return template.ofType('AWS::ApiGateway::Method').flatMap((method) => {
    const integration = valueAt(method.properties, 'Integration');
    if (!isHandedOn(integration)) return [];
    const api = template.resources.get(referenceOf(valueAt(method.properties, 'RestApiId'))?.ref ?? '');
    return [
      {
        ...integrated(template, integration),
        eventName: method.id,
        method: methodNamed(template.plainText(valueAt(method.properties, 'HttpMethod'))),
        path: restPath(template, valueAt(method.properties, 'ResourceId')),
        place: method.entry.at,
        kind: 'rest' as const,
        api,
        implicit: false,
      },
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
    parts.unshift(template.plainText(valueAt(resource.properties, 'PathPart')) ?? '?');
    here = valueAt(resource.properties, 'ParentId');
  }
}

function httpRoutes(template: Template): Webhook[] {
  return template.ofType('AWS::ApiGatewayV2::Route').flatMap((route) => {
    const target = textOf(valueAt(route.properties, 'Target'));
    const integration = referencesIn(target)
      .map(({ ref }) => template.resources.get(ref))
      .find((one) => one?.type === 'AWS::ApiGatewayV2::Integration');
    if (!integration) return [];
    const api = template.resources.get(referenceOf(valueAt(route.properties, 'ApiId'))?.ref ?? '');
    const [method = '*', path = '/'] = pathText(valueAt(route.properties, 'RouteKey')).split(/\s+/);
    return [
      {
        ...integrated(template, integration.properties),
        eventName: route.id,
        method: methodNamed(method),
        path: method === '$default' ? '/' : path,
        place: route.entry.at,
        kind: 'http' as const,
        api,
        implicit: false,
      },
    ];
  });
}

/** An HTTP API that is made together with its only route. */
function quickRoutes(template: Template): Webhook[] {
  return template.ofType('AWS::ApiGatewayV2::Api').flatMap((api) => {
    const target = valueAt(api.properties, 'Target');
    const handler = target && functionIn(template, target);
    if (!handler) return [];
    const [method = '*', path = '/'] = pathText(valueAt(api.properties, 'RouteKey')).split(/\s+/);
    return [
      {
        handler,
        eventName: undefined,
        method: methodNamed(method === '/' ? undefined : method),
        path,
        place: api.entry.at,
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
    const integration = valueAt(method.value, 'x-amazon-apigateway-integration');
    return isHandedOn(integration)
      ? [
          {
            ...integrated(template, integration),
            eventName: scalarText(valueAt(method.value, 'operationId')),
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
    const named = valueAt(url.properties, 'TargetFunctionArn');
    const handler = named && functionIn(template, named);
    return handler ? [functionUrl(handler, url.entry)] : [];
  });
  return [...own, ...separate];
}

const functionUrl = (handler: LambdaFunction, entry: MapEntry): Webhook => ({
  handler,
  eventName: undefined,
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

/** Whether a request goes on to something of AWS: not answered by the API itself, and not sent elsewhere. */
function isHandedOn(integration: TemplateNode | undefined): boolean {
  const uri = valueAt(integration, 'Uri') ?? valueAt(integration, 'uri');
  return uri !== undefined && !/^https?:/.test(scalarText(uri) ?? '');
}

/** The function that an integration invokes, itself or behind a queue; undefined: it is not in this template. */
function integrated(
  template: Template,
  integration: TemplateNode | undefined,
): Pick<Webhook, 'handler' | 'queue'> {
  const uri = ['Uri', 'uri', 'IntegrationUri'].map((key) => valueAt(integration, key)).find((one) => one);
  const direct = uri && functionIn(template, uri);
  if (direct) return { handler: direct };
  const named = integration ? [...everythingIn(integration)] : [];
  const queue = named
    .flatMap((node) => (node.kind === 'call' ? referencesIn(textOf(node)) : []))
    .map(({ ref }) => template.resources.get(ref))
    .find((one) => one?.type === 'AWS::SQS::Queue');
  return { handler: queue && consumersOf(template, queue)[0], queue };
}

/** The function that a text names, by itself or by an alias. */
function functionIn(template: Template, node: TemplateNode): LambdaFunction | undefined {
  const functions = functionsOf(template);
  for (const { ref } of referencesIn(textOf(node))) {
    const own = functions.get(ref) ?? functions.get(behindAlias(template, ref) ?? '');
    if (own) return own;
  }
  return functions.get(invokedFunction(template, node) ?? '');
}

/** What says how an API's stage behaves: the API itself for SAM's, every stage of a plain one. */
export function stagesOf(template: Template, api: Resource): Resource[] {
  if (api.type.startsWith('AWS::Serverless::')) return [api];
  const property = api.type === 'AWS::ApiGatewayV2::Api' ? 'ApiId' : 'RestApiId';
  return template
    .ofType('AWS::ApiGateway::Stage', 'AWS::ApiGatewayV2::Stage')
    .filter((stage) => referenceOf(valueAt(stage.properties, property))?.ref === api.id);
}
