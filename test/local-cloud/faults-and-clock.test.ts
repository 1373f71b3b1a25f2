import { GetParameterCommand, PutParameterCommand, SSMClient } from '@aws-sdk/client-ssm';
import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest';
import { askAdmin, startTestCloud, type TestCloud } from '../support/local-cloud.js';

let cloud: TestCloud;
let ssm: SSMClient;
beforeAll(async () => {
  cloud = await startTestCloud({ clock: 'manual' });
  ssm = new SSMClient(cloud.client);
});
afterAll(() => cloud.close());
beforeEach(() => admin('PUT', 'faults', []));

async function admin(method: 'GET' | 'PUT' | 'POST', route: string, body?: unknown) {
  const answer = await askAdmin(cloud, route, method, body);
  return { status: answer.status, body: (await answer.json()) as { now: string; calls: object[] } };
}

const put = (Name: string) => ssm.send(new PutParameterCommand({ Name, Value: 'v', Type: 'String' }));
const get = (Name: string) => ssm.send(new GetParameterCommand({ Name }));

test.each([
  ['throttle', false, { name: 'ThrottlingException' }],
  ['error', false, { name: 'InternalFailure' }],
  ['reset', false, { code: 'ECONNRESET' }],
  ['deny', false, { name: 'AccessDeniedException' }],
  ['error-after', true, { name: 'InternalFailure' }],
  ['reset-after', true, { code: 'ECONNRESET' }],
] as const)('%s fails the call; whether it took effect: %s', async (kind, effect, error) => {
  await admin('PUT', 'faults', [{ service: 'ssm', operation: 'PutParameter', kind, times: 1 }]);
  await expect(put(`/${kind}`)).rejects.toMatchObject(error);
  const there = await get(`/${kind}`).then(
    () => true,
    () => false,
  );
  expect(there).toBe(effect);
  expect((await admin('GET', 'faults')).body).toMatchObject([{ kind, seen: 1, fired: 1 }]);
});

test('a fault with a rate and a seed meets the same calls on every run', async () => {
  const run = async () => {
    await admin('PUT', 'faults', [
      { service: 'ssm', operation: 'GetParameter', kind: 'throttle', rate: 0.3, seed: 7 },
    ]);
    const outcomes: unknown[] = [];
    for (let call = 0; call < 30; call += 1)
      outcomes.push(await get('/none').catch((error: Error) => error.name === 'ThrottlingException'));
    return outcomes;
  };
  const first = await run();
  expect(new Set(first)).toEqual(new Set([true, false]));
  expect(await run()).toEqual(first);
});

test('a fault begins after the stated calls, lasts the stated times, and meets writes only', async () => {
  await admin('PUT', 'faults', [{ service: '*', operation: 'writes', kind: 'throttle', after: 1, times: 1 }]);
  await put('/first');
  await get('/first');
  await expect(put('/second')).rejects.toMatchObject({ name: 'ThrottlingException' });
  await put('/second');
});

test('what is no fault is refused, and those in force stay', async () => {
  await admin('PUT', 'faults', [{ service: 'ssm', operation: '*', kind: 'throttle', after: 1000 }]);
  for (const wrong of [{ kind: 'nonsense' }, { kind: 'error', rate: 2 }, { kind: 'error', tmies: 1 }]) {
    const refused = await admin('PUT', 'faults', [{ service: 'ssm', operation: '*', ...wrong }]);
    expect(refused.status).toBe(400);
  }
  expect((await admin('GET', 'faults')).body).toHaveLength(1);
});

test('calls are recorded by name, without what they carried', async () => {
  await admin('PUT', 'calls', { recording: true });
  await put('/recorded');
  await get('/recorded');
  const { body } = await admin('GET', 'calls');
  expect(body.calls).toEqual([
    { service: 'ssm', operation: 'PutParameter' },
    { service: 'ssm', operation: 'GetParameter' },
  ]);
  await admin('PUT', 'calls', { recording: false });
});

test('time moves only forward, and runs what falls due in order', async () => {
  const order: string[] = [];
  cloud.cloud.clock.after(120_000, () => order.push('second'));
  cloud.cloud.clock.after(60_000, () => {
    order.push('first');
    cloud.cloud.clock.after(30_000, () => order.push('between'));
  });
  const before = Date.parse((await admin('GET', 'clock')).body.now);
  expect(order).toEqual([]);
  const after = Date.parse((await admin('POST', 'clock', { advance: 120_000 })).body.now);
  expect(order).toEqual(['first', 'between', 'second']);
  expect(after - before).toBeGreaterThanOrEqual(120_000);
  expect((await admin('POST', 'clock', { advance: -1 })).status).toBe(400);
});
