import type { Properties, ResourceContext, ResourceType } from '../../../kernel/resource-type.js';
import { AwsError } from '../../../kernel/service.js';
import { boolean, ignoreMissing, livePart, number, retag, stated, tagList, tagMap } from './values.js';

/** `AWS::ApiGateway::RestApi`, with or without an OpenAPI `Body`. */
export const restApiType: ResourceType = {
  properties: [
    'Name',
    'Description',
    'Body',
    'BinaryMediaTypes',
    'EndpointConfiguration',
    'DisableExecuteApiEndpoint',
    'ApiKeySourceType',
    'MinimumCompressionSize',
    'FailOnWarnings',
    'Parameters',
    'Mode',
    'Tags',
  ],

  async create(properties, context) {
    checkParameters(properties);
    const body = properties.Body as { info?: { title?: string } } | undefined;
    const api = await context.call('apigateway', 'CreateRestApi', {
      ...stated({
        name: properties.Name ?? body?.info?.title,
        description: properties.Description,
        binaryMediaTypes: properties.BinaryMediaTypes,
        endpointConfiguration: endpointConfiguration(properties),
        disableExecuteApiEndpoint: boolean(properties.DisableExecuteApiEndpoint),
        minimumCompressionSize: number(properties.MinimumCompressionSize),
        apiKeySource: properties.ApiKeySourceType,
      }),
      tags: tagMap(properties.Tags, context),
    });
    try {
      if (body) await putBody(String(api.id), properties, context);
    } catch (error) {
      // The stack never learns of this API, so it must not stay.
      await context.call('apigateway', 'DeleteRestApi', { restApiId: api.id });
      throw error;
    }
    return described(String(api.id), context);
  },

  async update(physicalId, next, previous, context) {
    checkParameters(next);
    if (next.Body !== undefined) await putBody(physicalId, next, context);
    const patchOperations = [
      ...replaced('/name', next.Name, previous.Name),
      ...replaced('/description', next.Description, previous.Description),
      ...replaced(
        '/disableExecuteApiEndpoint',
        next.DisableExecuteApiEndpoint,
        previous.DisableExecuteApiEndpoint,
      ),
      ...replaced('/endpointConfiguration/types/0', typeOf(next), typeOf(previous)),
      ...mediaTypes(next, previous),
    ];
    if (patchOperations.length > 0)
      await context.call('apigateway', 'UpdateRestApi', { restApiId: physicalId, patchOperations });
    await retag(
      `arn:aws:apigateway:${context.region}::/restapis/${physicalId}`,
      tagMap(next.Tags, context),
      context,
    );
    return described(physicalId, context);
  },

  async delete(physicalId, _properties, context) {
    await context.call('apigateway', 'DeleteRestApi', { restApiId: physicalId }).catch(ignoreMissing);
  },

  async read(physicalId, properties, context) {
    const live = await context
      .call('apigateway', 'GetRestApi', { restApiId: physicalId })
      .catch(ignoreMissing);
    if (!live) return undefined;
    return livePart(properties, {
      ...properties,
      Name: live.name,
      Description: live.description,
      BinaryMediaTypes: live.binaryMediaTypes ?? [],
      EndpointConfiguration: { Types: live.endpointConfiguration.types },
      DisableExecuteApiEndpoint: live.disableExecuteApiEndpoint,
      Tags: tagList(live.tags),
    });
  },
};

async function putBody(restApiId: string, properties: Properties, context: ResourceContext): Promise<void> {
  const body = Buffer.from(JSON.stringify(properties.Body));
  const mode = properties.Mode === 'merge' ? 'merge' : 'overwrite';
  await context.call('apigateway', 'PutRestApi', { restApiId, mode, body });
  // The definition's title is the name only where the template states none.
  if (properties.Name !== undefined)
    await context.call('apigateway', 'UpdateRestApi', {
      restApiId,
      patchOperations: replaced('/name', properties.Name, undefined),
    });
}

async function described(restApiId: string, context: ResourceContext) {
  const { rootResourceId } = await context.call('apigateway', 'GetRestApi', { restApiId });
  return {
    physicalId: restApiId,
    attributes: { RootResourceId: String(rootResourceId), RestApiId: restApiId },
  };
}

/** SAM repeats the endpoint's type as an import parameter; no other parameter would have an effect here. */
function checkParameters(properties: Properties): void {
  for (const name of Object.keys((properties.Parameters ?? {}) as Properties))
    if (name !== 'endpointConfigurationTypes')
      throw new AwsError(
        'InvalidRequest',
        `The local cloud does not support Parameters.${name} of AWS::ApiGateway::RestApi.`,
      );
}

function endpointConfiguration(properties: Properties): { types: string[] } | undefined {
  const configuration = properties.EndpointConfiguration as
    | { Types?: string[]; VpcEndpointIds?: string[] }
    | undefined;
  if (configuration?.VpcEndpointIds)
    throw new AwsError(
      'InvalidRequest',
      'The local cloud does not support VpcEndpointIds of AWS::ApiGateway::RestApi.',
    );
  return configuration?.Types && { types: configuration.Types };
}

function typeOf(properties: Properties): string | undefined {
  return (properties.EndpointConfiguration as { Types?: string[] } | undefined)?.Types?.[0];
}

function replaced(path: string, next: unknown, previous: unknown): object[] {
  if (next === previous) return [];
  return [next === undefined ? { op: 'remove', path } : { op: 'replace', path, value: String(next) }];
}

function mediaTypes(next: Properties, previous: Properties): object[] {
  const wanted = (next.BinaryMediaTypes ?? []) as string[];
  const before = (previous.BinaryMediaTypes ?? []) as string[];
  const at = (type: string) => `/binaryMediaTypes/${type.replaceAll('~', '~0').replaceAll('/', '~1')}`;
  return [
    ...before.filter((type) => !wanted.includes(type)).map((type) => ({ op: 'remove', path: at(type) })),
    ...wanted.filter((type) => !before.includes(type)).map((type) => ({ op: 'add', path: at(type) })),
  ];
}
