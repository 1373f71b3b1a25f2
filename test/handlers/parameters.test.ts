import { randomUUID } from 'node:crypto';
import http from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterAll, afterEach, beforeAll, describe, expect, it, vi } from 'vitest';
import { readParameter } from '../../handlers/shared/aws/parameters.js';

type Answer = [status: number, body: object] | 'reset';

const VALUE: Answer = [200, { Parameter: { Value: 'mysql://shop@db/shop', Version: 3 } }];
const THROTTLED: Answer = [400, { __type: 'com.amazonaws.ssm#ThrottlingException' }];
const ABSENT: Answer = [400, { __type: 'ParameterNotFound' }];

describe('readParameter', () => {
  let answers: Answer[] = [];
  let asked = 0;
  const server = http.createServer((request, response) => {
    asked += 1;
    const answer = answers.shift() ?? VALUE;
    if (answer === 'reset') return void request.socket.destroy();
    request.resume().on('end', () => {
      response.writeHead(answer[0], { 'content-type': 'application/x-amz-json-1.1' });
      response.end(JSON.stringify(answer[1]));
    });
  });
  beforeAll(async () => {
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    vi.stubEnv('AWS_ENDPOINT_URL_SSM', `http://127.0.0.1:${(server.address() as AddressInfo).port}/`);
    vi.stubEnv('AWS_REGION', 'eu-west-1');
    vi.stubEnv('AWS_ACCESS_KEY_ID', 'AKIATEST');
    vi.stubEnv('AWS_SECRET_ACCESS_KEY', 'test');
  });
  afterEach(() => {
    answers = [];
    asked = 0;
  });
  afterAll(() => {
    vi.unstubAllEnvs();
    server.close();
  });
  const read = () => readParameter(`/test/${randomUUID()}`);

  it.each([
    ['throttling', [THROTTLED, THROTTLED]],
    ['answers of 500 and 429', [[500, {}] as Answer, [429, {}] as Answer]],
    ['cut connections', ['reset', 'reset'] as Answer[]],
  ])('outlasts %s', async (_, first) => {
    answers = [...first];
    expect(await read()).toEqual({ value: 'mysql://shop@db/shop', version: 3 });
    expect(asked).toBe(3);
  });

  it('asks once for what is absent, and says so', async () => {
    answers = [ABSENT];
    await expect(read()).rejects.toMatchObject({ message: expect.stringMatching(/ParameterNotFound/) });
    expect(asked).toBe(1);
  });

  it("gives up with SSM's own code when throttling lasts", async () => {
    answers = Array.from({ length: 20 }, () => THROTTLED);
    await expect(read()).rejects.toMatchObject({ message: expect.stringMatching(/ThrottlingException/) });
    expect(asked).toBeGreaterThan(3);
    expect(asked).toBeLessThan(20);
  });
});
