import { describe, expect, it } from 'vitest';
import { SECRET_MAXIMUM_AGE_MS } from '../../handlers/contract/environment.js';
import type { DatabaseUse } from '../../handlers/contract/probe.js';
import { databaseUsed } from '../../src/checks/database/used.js';
import { Secret } from '../../src/core/secret.js';
import { databaseDifferences, unsettledUntil } from '../../src/world/database-use.js';
import type { World } from '../../src/world/world.js';

const USE: DatabaseUse = {
  reachable: true,
  parameter: '/cachao/dev/database',
  parameterVersion: 3,
  latencyMs: 1,
  version: '10.11.6-MariaDB',
  tls: 'verified',
  local: false,
  host: 'db.example.com',
  port: 3306,
  user: 'app',
  schema: 'shop',
  serverName: 'db-1',
  recordingSince: '2026-11-01T10:00:00.000Z',
};

interface Given {
  changedAgoMs?: number;
  functionsChangedAgoMs?: number;
  event?: Partial<DatabaseUse>;
}

/** A deployed stage with an operations function that is right, and an event handler that may not be. */
function worldOf({ changedAgoMs = 3_600_000, functionsChangedAgoMs = 7_200_000, event = {} }: Given): World {
  const ago = (milliseconds: number) => new Date(Date.now() - milliseconds).toISOString();
  const names = { event: 'stage-event', operations: 'stage-operations' };
  return {
    settings: {
      stage: 'dev',
      mode: 'test',
      database: null,
      databaseCa: null,
      stack: { name: 'stage', managed: true },
    },
    once: (_name: string, look: () => Promise<unknown>) => look(),
    forget: () => undefined,
    stackOutputs: async () => ({
      eventFunctionName: names.event,
      eventFunctionArn: names.event,
      operationsFunctionName: names.operations,
      operationsFunctionArn: names.operations,
      deliveryFailuresQueueArn: 'a:b',
      functionFailuresQueueArn: 'a:b',
    }),
    ssm: {
      secret: async () => ({
        name: USE.parameter,
        version: 3,
        type: 'SecureString',
        modifiedAt: ago(changedAgoMs),
        value: new Secret('mysql://app:secret-enough@db.example.com/shop'),
      }),
    },
    lambda: { function: async () => ({ modifiedAt: ago(functionsChangedAgoMs) }) },
    invoke: async (name: string) => ({
      payload: JSON.stringify(
        name === names.operations
          ? { ok: true, result: { database: USE } }
          : { probe: true, stage: 'dev', database: { ...USE, ...event } },
      ),
      functionError: null,
    }),
  } as unknown as World;
}

describe('the database that each function uses', () => {
  it('is the configured one', async () => {
    expect(await databaseDifferences(worldOf({}))).toEqual([]);
    expect(await databaseUsed.inspect(worldOf({}), AbortSignal.any([]))).toMatchObject({
      outcome: 'pass',
      summary: expect.stringContaining('app@db.example.com:3306/shop on server db-1, by version 3'),
    });
  });

  it.each([
    [
      'an older version of the parameter',
      { parameterVersion: 2 },
      'version of the parameter: 2 instead of 3',
    ],
    ['another parameter', { parameter: '/cachao/old/database' }, 'parameter: /cachao/old/database'],
    ['another host', { host: 'db-old.example.com' }, 'host: db-old.example.com instead of db.example.com'],
    ['another schema', { schema: 'shop_old' }, 'schema: shop_old instead of shop'],
    [
      'another server behind the same name',
      { recordingSince: '2026-10-01T10:00:00.000Z' },
      'ledger, by when it began',
    ],
  ])('differs by %s: database.used fails and names the function', async (_title, event, detail) => {
    expect(await databaseUsed.inspect(worldOf({ event }), AbortSignal.any([]))).toMatchObject({
      outcome: 'fail',
      summary: expect.stringMatching(new RegExp(`stage-event has .*${detail}`)),
    });
  });

  it('cannot be told where a function fails: the failure is told as the function put it', async () => {
    const world = worldOf({});
    const { invoke } = world;
    const failing = (payload: string) =>
      Object.assign(worldOf({}), {
        invoke: async (name: string, request: string) =>
          name === 'stage-event' ? { payload, functionError: 'Unhandled' } : invoke(name, request),
      });
    const coded = '{"errorType":"CONFIGURATION","errorMessage":"CACHAO_ORDER_AMOUNT is \\"half\\""}';
    await expect(databaseDifferences(failing(coded))).rejects.toMatchObject({
      code: 'FUNCTION_FAILED',
      exitCode: 1,
      message:
        'stage-event fails when it is asked which database it uses: CONFIGURATION: CACHAO_ORDER_AMOUNT is "half"',
    });
    await expect(databaseDifferences(failing('{"errorMessage":"Task timed out"}'))).rejects.toThrow(
      /: Task timed out$/,
    );
  });

  it('cannot be told where a function answers that its configuration is wrong', async () => {
    const world = worldOf({});
    const { invoke } = world;
    const answer = { probe: true, error: { code: 'CONFIGURATION', message: 'CACHAO_CURRENCY is "ducats"' } };
    world.invoke = async (name: string, request: string) =>
      name === 'stage-event'
        ? { payload: JSON.stringify(answer), functionError: null, logTail: '', requestId: '1' }
        : invoke(name, request);
    await expect(databaseDifferences(world)).rejects.toMatchObject({
      code: 'FUNCTION_FAILED',
      exitCode: 1,
      message:
        'stage-event fails when it is asked which database it uses: CONFIGURATION: CACHAO_CURRENCY is "ducats"',
    });
  });

  it('may differ by the case that a file system without case gives it', async () => {
    expect(await databaseDifferences(worldOf({ event: { schema: 'SHOP' } }))).toEqual([]);
  });

  it('is not certain for half a minute after the parameter changed under functions that are warm', async () => {
    const world = worldOf({ changedAgoMs: 5_000 });
    const until = await unsettledUntil(world);
    expect((until?.getTime() ?? 0) - Date.now()).toBeLessThanOrEqual(SECRET_MAXIMUM_AGE_MS - 3_000);
    expect(await databaseUsed.inspect(world, AbortSignal.any([]))).toMatchObject({
      outcome: 'warn',
      remedy: { fixable: true },
    });
    expect(await databaseUsed.fix?.(world)).toMatchObject([{ action: 'wait' }]);
  });

  it('is certain at once where the functions are newer than the parameter, as in a first setup', async () => {
    const world = worldOf({ changedAgoMs: 5_000, functionsChangedAgoMs: 1_000 });
    expect(await unsettledUntil(world)).toBeUndefined();
    expect(await databaseUsed.fix?.(world)).toEqual([]);
    expect(await databaseUsed.inspect(world, AbortSignal.any([]))).toMatchObject({ outcome: 'pass' });
  });
});
