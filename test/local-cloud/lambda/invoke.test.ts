import { InvokeCommand, UpdateFunctionCodeCommand } from '@aws-sdk/client-lambda';
import { describe, expect, it } from 'vitest';
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
