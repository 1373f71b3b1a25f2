import { ACCOUNT, type LocalCloud } from '../../../kernel/cloud.js';
import { AwsError } from '../../../kernel/service.js';
import { type ProxyEventInput, proxyEvent } from './proxy-event.js';
import { type FrontResponse, GATEWAY, proxyResponse } from './responses.js';

const APIGATEWAY = { kind: 'service', service: 'apigateway.amazonaws.com' } as const;

/** Invokes the function of a Lambda proxy integration, as API Gateway does, and reads its answer. */
export async function callLambda(cloud: LocalCloud, input: ProxyEventInput): Promise<FrontResponse> {
  const { request, api, stage, route } = input;
  const integration = route.method.methodIntegration;
  const functionArn = functionOf(integration?.uri ?? '', stage.variables);
  const sourceArn = `arn:aws:execute-api:${api.region}:${ACCOUNT}:${api.id}/${stage.stageName}/${request.method}${route.resourcePath}`;
  const payload = JSON.stringify(proxyEvent(input));
  try {
    const invoked = cloud.port('lambda').invoke({ functionArn, payload, principal: APIGATEWAY, sourceArn });
    const result = await within(invoked, integration?.timeoutInMillis ?? 29_000);
    if (result === 'timeout') return GATEWAY.timeout();
    if (result.functionError !== undefined) return GATEWAY.badAnswer();
    return (
      proxyResponse(result.payload, request.headers.accept, input.binaryMediaTypes) ?? GATEWAY.badAnswer()
    );
  } catch (error) {
    if (!(error instanceof AwsError)) throw error;
    cloud.tell('apigateway', `${api.id}/${stage.stageName} could not invoke ${functionArn}: ${error.code}`);
    return GATEWAY.integrationFailed();
  }
}

/** The function's ARN in an invocation URI, with stage variables filled in. */
function functionOf(uri: string, variables: Record<string, string>): string {
  const arn = /:lambda:path\/2015-03-31\/functions\/(.+)\/invocations$/.exec(uri)?.[1] ?? '';
  return arn.replace(/\$\{stageVariables\.(\w+)\}/g, (_whole, name: string) => variables[name] ?? '');
}

/** In real time, as the function really runs. The function goes on after its caller has given up. */
async function within<T>(work: Promise<T>, milliseconds: number): Promise<T | 'timeout'> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<'timeout'>((resolve) => {
    timer = setTimeout(() => resolve('timeout'), milliseconds);
  });
  work.catch(() => {});
  try {
    return await Promise.race([work, late]);
  } finally {
    clearTimeout(timer);
  }
}
