import { describe, expect, it } from 'vitest';
import { clock } from '../../src/checks/account/clock.js';
import { databaseTls } from '../../src/checks/database/tls.js';
import { CannotLookError } from '../../src/core/errors.js';
import { inspectOne } from '../../src/core/inspect.js';
import type { World } from '../../src/world/world.js';

const unreachable = async () => {
  throw new CannotLookError({ code: 'AWS_UNREACHABLE', message: 'nobody answers' });
};

/** `null`: that cloud cannot be asked. */
async function clockBeside(awsMs: number | null, stripeMs: number | null): Promise<string> {
  const world = {
    sts: { callerIdentity: awsMs === null ? unreachable : async () => ({ clockAheadMs: awsMs }) },
    stripe: {
      accounts: { balance: stripeMs === null ? unreachable : async () => ({ clockAheadMs: stripeMs }) },
    },
  } as unknown as World;
  const { outcome, summary } = await inspectOne(clock, world);
  return `${outcome}: ${summary}`;
}

describe('the local clock', () => {
  it('is compared with both clouds', async () => {
    expect(await clockBeside(800, -1200)).toBe('pass: right, compared with Stripe and AWS');
    expect(await clockBeside(200_000, 199_000)).toBe("warn: the local clock is 200 s ahead of AWS's");
    expect(await clockBeside(-90_000, -91_000)).toBe("warn: the local clock is 91 s behind Stripe's");
  });

  it('is compared with the one that answers', async () => {
    expect(await clockBeside(null, -90_000)).toBe("warn: the local clock is 90 s behind Stripe's");
    expect(await clockBeside(0, null)).toBe('pass: right, compared with AWS');
    expect(await clockBeside(null, null)).toBe('unknown: nobody answers');
  });
});

async function connection(
  tls: 'verified' | 'off',
  { mode = 'test', local = false }: { mode?: 'test' | 'live'; local?: boolean } = {},
): Promise<string> {
  const world = {
    settings: { mode, stage: 'dev', stack: { name: 'cachao-dev', managed: true } },
    once: async () => ({ database: { reachable: true, tls, local, latencyMs: 1, version: '11' } }),
    stackOutputs: async () => ({ operationsFunctionName: 'operations' }),
  } as unknown as World;
  const { outcome, summary } = await inspectOne(databaseTls, world);
  return `${outcome}: ${summary}`;
}

describe('the connection to the database', () => {
  it('must verify who answers, on a live stage', async () => {
    expect(await connection('verified', { mode: 'live' })).toBe('pass: TLS, verified');
    expect(await connection('off', { mode: 'live' })).toBe('fail: the connection is not encrypted');
  });

  it('ought to on a test stage, unless it leaves the machine not at all', async () => {
    expect(await connection('off')).toBe('warn: the connection is not encrypted');
    expect(await connection('off', { local: true })).toBe(
      'pass: the embedded database, on this machine only',
    );
  });
});
