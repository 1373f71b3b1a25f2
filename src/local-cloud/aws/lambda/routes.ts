import type { Route } from '../../kernel/service.js';

const FUNCTION = '/2015-03-31/functions/{FunctionName}';

function route(method: string, path: string, operation: string, status = 200): Route {
  return { method, path, operation, status };
}

/** Paths of Lambda's REST API (botocore lambda 2015-03-31). */
const SUPPORTED: Route[] = [
  route('POST', '/2015-03-31/functions', 'CreateFunction', 201),
  route('GET', '/2015-03-31/functions', 'ListFunctions'),
  route('GET', FUNCTION, 'GetFunction'),
  route('DELETE', FUNCTION, 'DeleteFunction', 204),
  route('GET', `${FUNCTION}/configuration`, 'GetFunctionConfiguration'),
  route('PUT', `${FUNCTION}/configuration`, 'UpdateFunctionConfiguration'),
  route('PUT', `${FUNCTION}/code`, 'UpdateFunctionCode'),
  { ...route('POST', `${FUNCTION}/invocations`, 'Invoke'), payload: 'Payload' },
  route('POST', `${FUNCTION}/policy`, 'AddPermission', 201),
  route('GET', `${FUNCTION}/policy`, 'GetPolicy'),
  route('DELETE', `${FUNCTION}/policy/{StatementId}`, 'RemovePermission', 204),
  route('PUT', '/2017-10-31/functions/{FunctionName}/concurrency', 'PutFunctionConcurrency'),
  route('DELETE', '/2017-10-31/functions/{FunctionName}/concurrency', 'DeleteFunctionConcurrency', 204),
  route('GET', '/2019-09-30/functions/{FunctionName}/concurrency', 'GetFunctionConcurrency'),
  route('GET', '/2016-08-19/account-settings', 'GetAccountSettings'),
  route('PUT', '/2019-09-25/functions/{FunctionName}/event-invoke-config', 'PutFunctionEventInvokeConfig'),
  route(
    'POST',
    '/2019-09-25/functions/{FunctionName}/event-invoke-config',
    'UpdateFunctionEventInvokeConfig',
  ),
  route('GET', '/2019-09-25/functions/{FunctionName}/event-invoke-config', 'GetFunctionEventInvokeConfig'),
  route(
    'GET',
    '/2019-09-25/functions/{FunctionName}/event-invoke-config/list',
    'ListFunctionEventInvokeConfigs',
  ),
  route(
    'DELETE',
    '/2019-09-25/functions/{FunctionName}/event-invoke-config',
    'DeleteFunctionEventInvokeConfig',
    204,
  ),
  route('GET', '/2017-03-31/tags/{Resource}', 'ListTags'),
  route('POST', '/2017-03-31/tags/{Resource}', 'TagResource', 204),
  route('DELETE', '/2017-03-31/tags/{Resource}', 'UntagResource', 204),
  route('POST', '/2015-03-31/event-source-mappings', 'CreateEventSourceMapping', 202),
  route('GET', '/2015-03-31/event-source-mappings', 'ListEventSourceMappings'),
  route('GET', '/2015-03-31/event-source-mappings/{UUID}', 'GetEventSourceMapping'),
  route('PUT', '/2015-03-31/event-source-mappings/{UUID}', 'UpdateEventSourceMapping', 202),
  route('DELETE', '/2015-03-31/event-source-mappings/{UUID}', 'DeleteEventSourceMapping', 202),
];

/** Routed so that the refusal can name the operation. */
const REFUSED: Route[] = [
  route('POST', `${FUNCTION}/versions`, 'PublishVersion'),
  route('GET', `${FUNCTION}/versions`, 'ListVersionsByFunction'),
  route('POST', `${FUNCTION}/aliases`, 'CreateAlias'),
  route('GET', `${FUNCTION}/aliases`, 'ListAliases'),
  route('GET', `${FUNCTION}/aliases/{Name}`, 'GetAlias'),
  route('POST', '/2021-10-31/functions/{FunctionName}/url', 'CreateFunctionUrlConfig'),
  route('GET', '/2021-10-31/functions/{FunctionName}/url', 'GetFunctionUrlConfig'),
  route('GET', '/2021-10-31/functions/{FunctionName}/urls', 'ListFunctionUrlConfigs'),
  route('GET', '/2018-10-31/layers', 'ListLayers'),
  route(
    'PUT',
    '/2019-09-30/functions/{FunctionName}/provisioned-concurrency',
    'PutProvisionedConcurrencyConfig',
  ),
  route(
    'POST',
    '/2021-11-15/functions/{FunctionName}/response-streaming-invocations',
    'InvokeWithResponseStream',
  ),
];

export const ROUTES: Route[] = [...SUPPORTED, ...REFUSED];
