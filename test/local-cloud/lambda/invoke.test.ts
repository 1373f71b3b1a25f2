import { InvokeCommand, UpdateFunctionCodeCommand } from '@aws-sdk/client-lambda';
import { describe, expect, it } from 'vitest';
import { stsService } from '../../../src/local-cloud/aws/sts/index.js';
import { createFunction, lambdaCloud, until, zip } from './lambda-cloud.js';

const json = (payload: Uint8Array | undefined) => JSON.parse(Buffer.from(payload ?? '').toString('utf8'));

describe('synchronous invocation', () => {
  it('runs the handler with the event, the context and the environment of Lambda, and nothing of this process', async () => {
    const aws = await lambdaCloud();
    process.env.LEAKED_SECRET = 'leaked';
    const arn = await createFunction(
      aws,
      'echo',
      'export const handler = async (event, context) => ({ event, context, env: process.env, left: context.getRemainingTimeInMillis() })',
      { Environment: { Variables: { COLOUR: 'blue' } }, Timeout: 30, MemorySize: 256 },
    );
    const answer = await aws.lambda.send(
      new InvokeCommand({ FunctionName: 'echo', Payload: Buffer.from('{"n":1}') }),
    );
    expect(answer.StatusCode).toBe(200);
    expect(answer.FunctionError).toBeUndefined();
    expect(answer.ExecutedVersion).toBe('$LATEST');
    const { event, context, env, left } = json(answer.Payload);
    expect(event).toEqual({ n: 1 });
    expect(context).toMatchObject({
      functionName: 'echo',
      invokedFunctionArn: arn,
      awsRequestId: answer.$metadata.requestId,
      memoryLimitInMB: '256',
      logGroupName: '/aws/lambda/echo',
    });
    expect(left).toBeGreaterThan(20_000);
    expect(env).toMatchObject({
      COLOUR: 'blue',
      AWS_REGION: 'eu-west-1',
      AWS_LAMBDA_FUNCTION_NAME: 'echo',
      AWS_ENDPOINT_URL: aws.client.endpoint,
      _HANDLER: 'index.handler',
    });
    expect(env.AWS_SESSION_TOKEN).toBeTruthy();
    expect(env.LEAKED_SECRET).toBeUndefined();
    expect(env.HOME).toBeUndefined();
  });

  it('reports what the handler throws, and keeps the environment', async () => {
    const aws = await lambdaCloud();
    await createFunction(
      aws,
      'thrower',
      'let n = 0; export const handler = async () => { n += 1; if (n === 1) throw new TypeError("boom"); return n; }',
    );
    const failed = await aws.lambda.send(new InvokeCommand({ FunctionName: 'thrower', LogType: 'Tail' }));
    expect(failed.FunctionError).toBe('Unhandled');
    expect(json(failed.Payload)).toMatchObject({ errorType: 'TypeError', errorMessage: 'boom' });
    expect(json(failed.Payload).trace[0]).toBe('TypeError: boom');
    const tail = Buffer.from(failed.LogResult ?? '', 'base64').toString('utf8');
    expect(tail).toMatch(
      /START RequestId: .* Version: \$LATEST\n.*\tERROR\tInvoke Error \t\{"errorType":"TypeError"/,
    );
    expect(tail).toMatch(
      /REPORT RequestId: .*\tDuration: .* ms\tBilled Duration: .*Max Memory Used: \d+ MB\tInit Duration/,
    );
    const again = await aws.lambda.send(new InvokeCommand({ FunctionName: 'thrower' }));
    expect(json(again.Payload)).toBe(2);
    const errors = aws.metrics.filter(({ name, dimensions }) => name === 'Errors' && !dimensions.Resource);
    expect(errors.map(({ value }) => value)).toEqual([1, 0]);
  });

  it.each([
    ['process.exit(3)', 'Runtime.ExitError', /exit status 3/],
    ['process.exit(0)', 'Runtime.ExitError', /without providing a reason/],
    [
      'setTimeout(() => { throw new Error("late") }); await new Promise(() => setTimeout(() => {}, 5000))',
      'Error',
      /late/,
    ],
    [
      'Promise.reject(new Error("nobody")); await new Promise((r) => setTimeout(r, 5000))',
      'Runtime.UnhandledPromiseRejection',
      /Error: nobody/,
    ],
    ['while (true);', 'Sandbox.Timedout', /Task timed out after 1.00 seconds/],
    [
      'const keep = []; for (;;) keep.push(new Array(1e5).fill(Math.random()))',
      'Runtime.ExitError',
      /signal: (aborted|killed)/,
    ],
    [
      'const keep = []; for (;;) { keep.push(Buffer.alloc(4e6, 1)); await new Promise((r) => setTimeout(r, 5)); }',
      'Runtime.ExitError',
      /signal: killed/,
    ],
    [
      'const keep = []; for (let n = 0; n < 60; n++) keep.push(Buffer.alloc(4e6, 1)); for (;;);',
      'Runtime.ExitError',
      /signal: killed/,
    ],
  ])('ends with an error for %s, and a new environment serves the next', async (code, errorType, message) => {
    const aws = await lambdaCloud();
    const timeout = code.startsWith('while') ? 1 : 25;
    await createFunction(
      aws,
      'dies',
      `export const handler = async (event) => { if (event.ok) return process.pid; ${code} }`,
      { Timeout: timeout },
    );
    const failed = await aws.lambda.send(new InvokeCommand({ FunctionName: 'dies' }));
    expect(failed.FunctionError).toBe('Unhandled');
    expect(json(failed.Payload)).toMatchObject({ errorType, errorMessage: expect.stringMatching(message) });
    const next = await aws.lambda.send(
      new InvokeCommand({ FunctionName: 'dies', Payload: Buffer.from('{"ok":true}') }),
    );
    expect(next.FunctionError).toBeUndefined();
  });

  it.each([
    [
      { 'index.mjs': 'import "left-pad-that-is-missing"; export const handler = () => {}' },
      'index.handler',
      'Runtime.ImportModuleError',
    ],
    [{ 'other.js': '' }, 'index.handler', 'Runtime.ImportModuleError'],
    [{ 'index.mjs': 'export const other = 1' }, 'index.handler', 'Runtime.HandlerNotFound'],
    [{ 'index.js': 'exports.handler = ((' }, 'index.handler', 'Runtime.UserCodeSyntaxError'],
    [{ 'index.js': 'throw new RangeError("at load")' }, 'index.handler', 'RangeError'],
    [{ 'index.js': '' }, 'nodot', 'Runtime.MalformedHandlerName'],
  ])('says why code cannot be loaded: %j %s', async (files, handler, errorType) => {
    const aws = await lambdaCloud();
    await createFunction(aws, 'unloadable', '', { Handler: handler, Code: { ZipFile: zip(files) } });
    const failed = await aws.lambda.send(new InvokeCommand({ FunctionName: 'unloadable' }));
    expect(failed.FunctionError).toBe('Unhandled');
    expect(json(failed.Payload).errorType).toBe(errorType);
  });

  it.each([
    [{ 'index.js': 'exports.handler = async () => "cjs"' }, 'index.handler', 'cjs'],
    [
      { 'package.json': '{"type":"module"}', 'index.js': 'export const handler = async () => "esm"' },
      'index.handler',
      'esm',
    ],
    [{ 'src/app.cjs': 'exports.api = { handler: async () => "nested" }' }, 'src/app.api.handler', 'nested'],
    [
      {
        'index.js':
          'exports.handler = (event, context, done) => { setTimeout(() => done(null, "callback"), 5) }',
      },
      'index.handler',
      'callback',
    ],
    [{ 'index.js': 'exports.handler = () => "not a promise"' }, 'index.handler', null],
    [{ 'index.js': 'exports.handler = () => new Promise(() => {})' }, 'index.handler', null],
  ])('loads and answers like the Node.js runtime: %j', async (files, handler, expected) => {
    const aws = await lambdaCloud();
    await createFunction(aws, 'shapes', '', { Handler: handler, Code: { ZipFile: zip(files) } });
    const answer = await aws.lambda.send(new InvokeCommand({ FunctionName: 'shapes' }));
    expect(json(answer.Payload)).toBe(expected);
  });

  it('keeps an environment warm until the code changes', async () => {
    const aws = await lambdaCloud();
    const source = (version: number) =>
      `let n = 0; export const handler = async () => ({ version: ${version}, n: ++n, pid: process.pid })`;
    await createFunction(aws, 'warm', source(1));
    const call = async () =>
      json((await aws.lambda.send(new InvokeCommand({ FunctionName: 'warm' }))).Payload);
    const [first, second] = [await call(), await call()];
    expect(second).toEqual({ version: 1, n: 2, pid: first.pid });
    await aws.lambda.send(
      new UpdateFunctionCodeCommand({ FunctionName: 'warm', ZipFile: zip({ 'index.mjs': source(2) }) }),
    );
    expect(await call()).toMatchObject({ version: 2, n: 1 });
    await until(() => !alive(first.pid));
  });

  it('makes its own calls here, as its role', async () => {
    const aws = await lambdaCloud({ services: [stsService] });
    const source = `export const handler = async () => {
      const { AWS_ENDPOINT_URL, AWS_ACCESS_KEY_ID, AWS_SESSION_TOKEN } = process.env;
      const response = await fetch(AWS_ENDPOINT_URL, {
        method: 'POST',
        headers: {
          'content-type': 'application/x-www-form-urlencoded',
          'x-amz-security-token': AWS_SESSION_TOKEN,
          authorization: 'AWS4-HMAC-SHA256 Credential=' + AWS_ACCESS_KEY_ID + '/20261123/eu-west-1/sts/aws4_request, Signature=0',
        },
        body: 'Action=GetCallerIdentity&Version=2011-06-15',
      });
      return response.text();
    }`;
    await createFunction(aws, 'caller', source);
    const answer = await aws.lambda.send(new InvokeCommand({ FunctionName: 'caller' }));
    expect(json(answer.Payload)).toContain('<Arn>arn:aws:sts::123456789012:assumed-role/worker/caller</Arn>');
  });

  it('lets invocations beyond its few processes wait their turn', async () => {
    const aws = await lambdaCloud();
    await createFunction(
      aws,
      'busy',
      'export const handler = async () => { await new Promise((r) => setTimeout(r, 20)); return process.pid; }',
    );
    const call = async () =>
      json((await aws.lambda.send(new InvokeCommand({ FunctionName: 'busy' }))).Payload);
    const pids = await Promise.all(Array.from({ length: 12 }, call));
    expect(new Set(pids).size).toBeLessThanOrEqual(4);
    expect(
      Math.max(
        ...aws.metrics.filter(({ name }) => name === 'ConcurrentExecutions').map(({ value }) => value),
      ),
    ).toBe(12);
    expect(aws.metrics.some(({ name }) => name === 'Throttles')).toBe(false);
  });

  it('refuses payloads as the front does', async () => {
    const aws = await lambdaCloud();
    await createFunction(
      aws,
      'small',
      'export const handler = async (event) => "x".repeat(event.length ?? 0)',
    );
    const send = (text: string, more: object = {}) =>
      aws.lambda.send(new InvokeCommand({ FunctionName: 'small', Payload: Buffer.from(text), ...more }));
    await expect(send('{not json')).rejects.toMatchObject({ name: 'InvalidRequestContentException' });
    await expect(send(JSON.stringify('x'.repeat(6 * 1024 * 1024)))).rejects.toMatchObject({
      name: 'RequestTooLargeException',
      $metadata: { httpStatusCode: 413 },
    });
    await expect(
      send(JSON.stringify('x'.repeat(1024 * 1024)), { InvocationType: 'Event' }),
    ).rejects.toMatchObject({ name: 'RequestTooLargeException' });
    expect((await send('{}', { InvocationType: 'DryRun' })).StatusCode).toBe(204);
    expect(json((await send('{"length":3}', { Qualifier: '$LATEST' })).Payload)).toBe('xxx');
    const large = await send('{"length":6300000}');
    expect(json(large.Payload).errorType).toBe('Function.ResponseSizeTooLarge');
    expect(json((await send('')).Payload)).toBe('');
  });

  it('has no callbacks from Node.js 24 on', async () => {
    const aws = await lambdaCloud();
    const ZipFile = zip({ 'index.js': 'exports.handler = (event, context, done) => done(null, 1)' });
    await createFunction(aws, 'old', '', { Runtime: 'nodejs24.x', Code: { ZipFile } });
    const failed = await aws.lambda.send(new InvokeCommand({ FunctionName: 'old' }));
    expect(json(failed.Payload).errorType).toBe('Runtime.CallbackHandlerDeprecated');
  });

  it('reclaims environments that have nothing to do', async () => {
    const aws = await lambdaCloud({ clock: 'manual' });
    const running = setInterval(() => void aws.cloud.clock.advance(500), 10);
    await createFunction(aws, 'idle', 'export const handler = async () => process.pid');
    clearInterval(running);
    const pid = json((await aws.lambda.send(new InvokeCommand({ FunctionName: 'idle' }))).Payload);
    await aws.cloud.clock.advance(29 * 60_000);
    expect(alive(pid)).toBe(true);
    await aws.cloud.clock.advance(2 * 60_000);
    await until(() => !alive(pid));
  });

  it("lives in the cloud's time when that was moved", async () => {
    const aws = await lambdaCloud();
    await createFunction(
      aws,
      'clock',
      'export const handler = async (event, context) => [Date.now(), new Date().getTime(), new Date(0).getTime(), new Date() instanceof Date, context.getRemainingTimeInMillis()]',
    );
    const look = async () =>
      json((await aws.lambda.send(new InvokeCommand({ FunctionName: 'clock' }))).Payload) as number[];
    const [before = 0] = await look();
    const hour = 3_600_000;
    await aws.cloud.clock.advance(hour);
    const [now = 0, made = 0, epoch, isDate, remaining = 0] = await look();
    expect(now - before).toBeGreaterThanOrEqual(hour);
    expect(Math.abs(now - aws.cloud.clock.now())).toBeLessThan(hour / 2);
    expect(made - now).toBeLessThan(hour / 2);
    expect([epoch, isDate]).toEqual([0, true]);
    expect(remaining).toBeGreaterThan(0);
    expect(remaining).toBeLessThan(hour / 2);
  });

  it('ends its processes when the cloud stops', async () => {
    const aws = await lambdaCloud();
    await createFunction(aws, 'pid', 'export const handler = async () => process.pid');
    const pid = json((await aws.lambda.send(new InvokeCommand({ FunctionName: 'pid' }))).Payload);
    expect(alive(pid)).toBe(true);
    await aws.close();
    await until(() => !alive(pid));
  });
});

function alive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch {
    return false;
  }
}
