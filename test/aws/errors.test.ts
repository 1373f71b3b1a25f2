import { afterEach, describe, expect, it, vi } from 'vitest';
import { eventbridgeReads } from '../../src/aws/eventbridge.js';
import { s3Reads } from '../../src/aws/s3.js';
import { stsReads } from '../../src/aws/sts.js';
import { AccessDeniedError, CachaoError, CannotLookError } from '../../src/core/errors.js';
import { EXIT } from '../../src/core/exit-code.js';
import { answering, sessionAt } from './answering.js';

const closers: (() => Promise<unknown>)[] = [];
afterEach(async () => {
  for (const close of closers.splice(0)) await close();
});

/** What a user is told when AWS answers a call of EventBridge so. */
async function told(status: number, code: string, message: string): Promise<CachaoError> {
  const aws = await answering((_, response) => {
    response.writeHead(status, { 'content-type': 'application/x-amz-json-1.1', 'x-amzn-requestid': 'req-1' });
    response.end(JSON.stringify({ __type: code, message }));
  });
  closers.push(aws.close);
  return failureOf(eventbridgeReads(sessionAt(aws.url)).testEventPattern('{}', '{}'));
}

async function failureOf(promise: Promise<unknown>): Promise<CachaoError> {
  const error = await promise.then(
    () => undefined,
    (thrown: unknown) => thrown,
  );
  expect(error).toBeInstanceOf(CachaoError);
  return error as CachaoError;
}

describe('what AWS answers, as a user is told', () => {
  it.each([
    [
      400,
      'ExpiredTokenException',
      'The security token included in the request is expired',
      'AWS_CREDENTIALS_EXPIRED',
    ],
    [403, 'UnrecognizedClientException', 'The security token is invalid.', 'AWS_CREDENTIALS_INVALID'],
    [
      403,
      'InvalidSignatureException',
      'Signature expired: 20260101T000000Z is now earlier',
      'AWS_CLOCK_SKEWED',
    ],
    [403, 'InvalidSignatureException', 'The request signature does not match', 'AWS_CREDENTIALS_INVALID'],
    [400, 'ThrottlingException', 'Rate exceeded', 'AWS_THROTTLED'],
    [500, 'InternalException', 'oops', 'AWS_UNAVAILABLE'],
  ])('%i %s: "%s" is %s, and could not look', async (status, code, message, expected) => {
    const error = await told(status, code, message);
    expect(error).toBeInstanceOf(CannotLookError);
    expect(error.code).toBe(expected);
    expect(error.exitCode).toBe(EXIT.unknown);
    expect(error.next.length).toBeGreaterThan(0);
    expect(error.cause).toMatchObject({ name: code });
  });

  it('sends to the health page of AWS only when it was AWS that answered', async () => {
    expect((await told(500, 'InternalException', 'oops')).next[0]).toContain('https://health.aws.amazon.com');
    vi.stubEnv('AWS_ENDPOINT_URL', 'http://127.0.0.1:4000');
    const [next] = (await told(500, 'InternalException', 'ENOSPC: no space left on device')).next;
    vi.unstubAllEnvs();
    expect(next).toContain('http://127.0.0.1:4000');
    expect(next).not.toContain('health.aws');
  });

  it('names the action and the identity that a refusal names', async () => {
    const error = await told(
      400,
      'AccessDeniedException',
      'User: arn:aws:iam::123456789012:user/ci is not authorized to perform: events:TestEventPattern on resource: * because no identity-based policy allows the events:TestEventPattern action',
    );
    expect(error).toBeInstanceOf(AccessDeniedError);
    expect(error).toMatchObject({
      code: 'AWS_PERMISSION_MISSING',
      permission: 'events:TestEventPattern',
      identity: 'arn:aws:iam::123456789012:user/ci',
    });
  });

  it('names the action that was tried when the refusal is silent', async () => {
    const error = await told(400, 'AccessDeniedException', 'denied');
    expect(error).toMatchObject({ permission: 'events:TestEventPattern' });
  });

  it("keeps a refusal's own code and words, as a problem and not as ignorance", async () => {
    const error = await told(400, 'InvalidEventPatternException', 'Event pattern is not valid.');
    expect(error).not.toBeInstanceOf(CannotLookError);
    expect(error).toMatchObject({ code: 'AWS_REFUSED', awsCode: 'InvalidEventPatternException' });
    expect(error.message).toContain('Event pattern is not valid.');
    expect(error.message).toContain('req-1');
  });

  it('reads absence as absence', async () => {
    const aws = await answering((_, response) => {
      response.writeHead(400, { 'content-type': 'application/x-amz-json-1.1' });
      response.end(JSON.stringify({ __type: 'ResourceNotFoundException', message: 'no' }));
    });
    closers.push(aws.close);
    expect(await eventbridgeReads(sessionAt(aws.url)).describeEventBus('x')).toBeUndefined();
  });

  it('tells a bucket of somebody else from one that is not there', async () => {
    let status = 403;
    const aws = await answering((_, response) => response.writeHead(status).end());
    closers.push(aws.close);
    const s3 = s3Reads(sessionAt(aws.url));
    expect(await s3.bucketOwner('cachao-artifacts-1-eu-west-1', '123456789012')).toBe('another account');
    status = 404;
    expect(await s3.bucketOwner('cachao-artifacts-1-eu-west-1', '123456789012')).toBe('absent');
  });
});

describe('what never reaches AWS', () => {
  it('is unreachable when nobody listens', async () => {
    const aws = await answering(() => {});
    await aws.close();
    const error = await failureOf(stsReads(sessionAt(aws.url)).callerIdentity());
    expect(error).toMatchObject({ code: 'AWS_UNREACHABLE', exitCode: EXIT.unknown });
    expect(error.message).toContain('sts:GetCallerIdentity');
    expect(error.next?.join()).toMatch(/^Check the network/);
    vi.stubEnv('AWS_ENDPOINT_URL', aws.url);
    const local = await failureOf(stsReads(sessionAt(aws.url)).callerIdentity());
    vi.unstubAllEnvs();
    expect(local.next?.join()).toContain(`${aws.url} stands in the place of AWS, and does not answer`);
  });

  it('is unreachable when the connection is reset', async () => {
    const aws = await answering((request) => request.socket.destroy());
    closers.push(aws.close);
    expect(await failureOf(stsReads(sessionAt(aws.url)).callerIdentity())).toMatchObject({
      code: 'AWS_UNREACHABLE',
    });
  });

  it('says that a region is none', async () => {
    const session = sessionAt('', { region: 'eu west one' });
    expect(await failureOf(stsReads(session).callerIdentity())).toMatchObject({
      code: 'AWS_REGION_INVALID',
      message: '"eu west one" is not an AWS region.',
    });
  });
});

it('compares the clocks by the Date header', async () => {
  const ahead = Date.now() + 3_600_000;
  const aws = await answering((_, response) => {
    response.writeHead(200, { 'content-type': 'text/xml', date: new Date(ahead).toUTCString() });
    response.end(
      '<GetCallerIdentityResponse><GetCallerIdentityResult><Arn>a</Arn><UserId>u</UserId><Account>1</Account></GetCallerIdentityResult></GetCallerIdentityResponse>',
    );
  });
  closers.push(aws.close);
  const { clockAheadMs } = await stsReads(sessionAt(aws.url)).callerIdentity();
  expect(Math.abs((clockAheadMs ?? 0) + 3_600_000)).toBeLessThan(60_000);
});
