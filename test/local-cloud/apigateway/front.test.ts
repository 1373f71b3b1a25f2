import {
  CreateDeploymentCommand,
  DeleteMethodCommand,
  UpdateStageCommand,
} from '@aws-sdk/client-api-gateway';
import { describe, expect, it } from 'vitest';
import { type ApiCloud, apiCloud, deployedApi, ECHO, permit } from './api-cloud.js';

const post = (url: string, body: string | Uint8Array, headers: Record<string, string> = {}) =>
  fetch(url, { method: 'POST', body, headers: { 'content-type': 'application/json', ...headers } });

function sum(aws: ApiCloud, metric: string, dimensions: Record<string, string>): number {
  return aws.metrics
    .filter(({ namespace, name }) => namespace === 'AWS/ApiGateway' && name === metric)
    .filter((datum) => JSON.stringify(datum.dimensions) === JSON.stringify(dimensions))
    .reduce((total, { value }) => total + value, 0);
}

describe('the front of a deployed stage', () => {
  it('hands the function the real proxy event, the body untouched', async () => {
    const aws = await apiCloud();
    const { url, apiId, resourceId } = await deployedApi(aws, ECHO);
    const body = '{ "id":"evt_1",\n  "amount": 1.50, "ü": "\\u00fc" }';
    const response = await post(`${url}?a=1&a=2&b=`, body, { 'Stripe-Signature': 't=1,v1=abc' });
    expect(response.status).toBe(200);
    expect(response.headers.get('x-amzn-requestid')).toBeTruthy();
    const event = (await response.json()) as {
      headers: Record<string, string>;
      multiValueHeaders: Record<string, string[]>;
    };
    expect(event).toMatchObject({
      resource: '/webhooks/stripe',
      path: '/webhooks/stripe',
      httpMethod: 'POST',
      body,
      isBase64Encoded: false,
      pathParameters: null,
      stageVariables: null,
      queryStringParameters: { a: '2', b: '' },
      multiValueQueryStringParameters: { a: ['1', '2'], b: [''] },
      requestContext: {
        apiId,
        resourceId,
        stage: 'prod',
        path: '/prod/webhooks/stripe',
        identity: { sourceIp: '127.0.0.1' },
        requestId: response.headers.get('x-amzn-requestid'),
      },
    });
    expect(event.headers['Stripe-Signature']).toBe('t=1,v1=abc');
    expect(event.multiValueHeaders['Stripe-Signature']).toEqual(['t=1,v1=abc']);
    expect(event.headers.Host).toBe(`${apiId}.execute-api.eu-west-1.amazonaws.com`);
    expect(sum(aws, 'Count', { ApiName: 'shop' })).toBe(1);
    expect(sum(aws, '5XXError', { ApiName: 'shop', Stage: 'prod' })).toBe(0);
  });

  it('sends base64 for binary media types only', async () => {
    const aws = await apiCloud();
    const { url } = await deployedApi(aws, ECHO, { api: { binaryMediaTypes: ['application/octet-stream'] } });
    const bytes = Uint8Array.from([0, 255, 128, 10]);
    const binary = await (await post(url, bytes, { 'content-type': 'application/octet-stream' })).json();
    expect(binary).toMatchObject({ isBase64Encoded: true, body: Buffer.from(bytes).toString('base64') });
    expect(await (await post(url, '{}')).json()).toMatchObject({ isBase64Encoded: false, body: '{}' });
  });

  it('answers 500 until the function allows this API, and says why only in metrics', async () => {
    const aws = await apiCloud();
    const { url, apiId } = await deployedApi(aws, ECHO, { permit: false });
    const refused = await post(url, '{}');
    expect(refused.status).toBe(500);
    expect(await refused.json()).toEqual({ message: 'Internal server error' });
    expect(sum(aws, '5XXError', { ApiName: 'shop' })).toBe(1);
    await permit(aws, `arn:aws:execute-api:eu-west-1:123456789012:${apiId}/prod/GET/*`);
    expect((await post(url, '{}')).status).toBe(500);
  });

  it.each([
    ['null', 502],
    ['"text"', 502],
    ['{ body: "no status" }', 502],
    ['{ statusCode: 200, body: { not: "text" } }', 502],
    ['{ statusCode: 200, headers: { a: [1] } }', 502],
    ['(() => { throw new Error("boom") })()', 502],
    ['{ statusCode: 204 }', 204],
    ['{ statusCode: "201", body: "made", headers: { "X-One": 1 } }', 201],
    ['{ statusCode: 400, multiValueHeaders: { "x-one": ["1"] } }', 400],
  ])('turns %s into %i', async (answer, status) => {
    const aws = await apiCloud();
    const { url } = await deployedApi(aws, `export const handler = async () => (${answer})`);
    const response = await post(url, '{}');
    expect(response.status).toBe(status);
    if (status === 502) expect(await response.json()).toEqual({ message: 'Internal server error' });
    if (status === 201) expect([await response.text(), response.headers.get('x-one')]).toEqual(['made', '1']);
  });

  it('gives up with 504 when the integration takes too long', async () => {
    const aws = await apiCloud();
    const { url } = await deployedApi(
      aws,
      'export const handler = () => new Promise((r) => setTimeout(r, 2000))',
      {
        integration: { timeoutInMillis: 200 },
      },
    );
    const response = await post(url, '{}');
    expect([response.status, await response.json()]).toEqual([
      504,
      { message: 'Endpoint request timed out' },
    ]);
  });

  it('refuses what it does not route', async () => {
    const aws = await apiCloud();
    const { url, apiId } = await deployedApi(aws, ECHO);
    const missing = await post(url.replace('stripe', 'paypal'), '{}');
    expect([missing.status, await missing.json()]).toEqual([
      403,
      { message: 'Missing Authentication Token' },
    ]);
    expect((await fetch(url)).status).toBe(403);
    const stage = await post(url.replace('/prod/', '/test/'), '{}');
    expect([stage.status, await stage.json()]).toEqual([403, { message: 'Forbidden' }]);
    expect((await post(url.replace(apiId, 'none'), '{}')).status).toBe(403);
    expect(sum(aws, '4XXError', { ApiName: 'shop', Stage: 'prod' })).toBe(2);
  });

  it('throttles by token bucket, and fills it again with time', async () => {
    const aws = await apiCloud('manual');
    const active = setInterval(() => void aws.cloud.clock.advance(500), 20);
    const { url, apiId } = await deployedApi(aws, ECHO);
    clearInterval(active);
    await aws.api.send(
      new UpdateStageCommand({
        restApiId: apiId,
        stageName: 'prod',
        patchOperations: [
          { op: 'replace', path: '/*/*/throttling/rateLimit', value: '0.001' },
          { op: 'replace', path: '/*/*/throttling/burstLimit', value: '2' },
        ],
      }),
    );
    const statuses = [];
    for (let n = 0; n < 4; n += 1) statuses.push((await post(url, '{}')).status);
    expect(statuses).toEqual([200, 200, 429, 429]);
    const refused = await post(url, '{}');
    expect(await refused.json()).toEqual({ message: 'Too Many Requests' });
    await aws.cloud.clock.advance(1_100_000);
    expect((await post(url, '{}')).status).toBe(200);
    expect((await post(url, '{}')).status).toBe(429);
  });

  it('limits one method apart from the stage', async () => {
    const aws = await apiCloud();
    const { url, apiId } = await deployedApi(aws, ECHO);
    const patch = (path: string, value: string) => ({ op: 'replace' as const, path, value });
    await aws.api.send(
      new UpdateStageCommand({
        restApiId: apiId,
        stageName: 'prod',
        patchOperations: [
          patch('/~1webhooks~1stripe/POST/throttling/burstLimit', '0'),
          patch('/~1webhooks~1stripe/POST/throttling/rateLimit', '0'),
        ],
      }),
    );
    expect((await post(url, '{}')).status).toBe(429);
  });

  it('serves the deployed snapshot, whatever happens to the API since', async () => {
    const aws = await apiCloud();
    const { url, apiId, resourceId } = await deployedApi(aws, ECHO);
    await aws.api.send(new DeleteMethodCommand({ restApiId: apiId, resourceId, httpMethod: 'POST' }));
    expect((await post(url, '{}')).status).toBe(200);
    await expect(
      aws.api.send(new CreateDeploymentCommand({ restApiId: apiId, stageName: 'prod' })),
    ).rejects.toMatchObject({
      name: 'BadRequestException',
      message: "The REST API doesn't contain any methods",
    });
  });
});
