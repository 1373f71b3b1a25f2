import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { artifactBucketName } from '../../src/stack/artifact-bucket.js';
import { prepareChangeSet } from '../../src/stack/change-set.js';
import { StackFailedError } from '../../src/stack/failure.js';
import { buildHandlers, type Deployment, IMPOSSIBLE, quietRun, startDeployment } from './deployment.js';
import { ACCOUNT, SETTINGS } from './stage.js';

let deployment: Deployment;
beforeEach(async () => {
  deployment = await startDeployment();
});
afterEach(() => deployment.close());

const status = async () => (await deployment.services.cloudformation.stack('cachao-dev'))?.status;
const failure = async (promise: Promise<unknown>) =>
  promise.then(
    () => undefined,
    (error: unknown) => error,
  );

describe('a creation that fails', () => {
  it('tells the first root cause, and not its consequences', async () => {
    const error = await failure(deployment.deploy({ inputs: { templateBody: IMPOSSIBLE } }));
    expect(error).toBeInstanceOf(StackFailedError);
    expect(error).toMatchObject({ code: 'STACK_FAILED', resource: { logicalId: 'OperationsFunction' } });
    expect(await status()).toBe('ROLLBACK_COMPLETE');
  });

  it('is recovered by deleting the corpse, when that is agreed to', async () => {
    await failure(deployment.deploy({ inputs: { templateBody: IMPOSSIBLE } }));
    const asked: string[] = [];
    const recoverStack = async (what: string) => asked.push(what) > 0;
    await deployment.deploy({ run: { recoverStack } });
    expect(asked).toHaveLength(1);
    expect(asked[0]).toContain('ROLLBACK_COMPLETE');
    expect(await status()).toBe('CREATE_COMPLETE');
  });

  it('stays as it is when that is declined', async () => {
    await failure(deployment.deploy({ inputs: { templateBody: IMPOSSIBLE } }));
    expect(await failure(deployment.deploy())).toMatchObject({ code: 'STACK_RECOVERY_DECLINED' });
    expect(await status()).toBe('ROLLBACK_COMPLETE');
  });
});

it('an update that fails is rolled back, told, and can be followed by one that works', async () => {
  await deployment.deploy();
  const error = await failure(deployment.deploy({ inputs: { templateBody: IMPOSSIBLE } }));
  expect(error).toMatchObject({ code: 'STACK_FAILED', resource: { logicalId: 'OperationsFunction' } });
  expect(await status()).toBe('UPDATE_ROLLBACK_COMPLETE');
  await deployment.deploy({ settings: { logRetentionDays: 30 } });
  expect(await status()).toBe('UPDATE_COMPLETE');
});

describe('what an interrupted run left', () => {
  it('is replaced: a change set nobody executed, on a stack that is only its shell', async () => {
    await prepareChangeSet(deployment.services, SETTINGS, await deployment.inputs(), quietRun());
    expect(await status()).toBe('REVIEW_IN_PROGRESS');
    await deployment.deploy();
    expect(await status()).toBe('CREATE_COMPLETE');
    expect(await deployment.services.cloudformation.changeSetNames('cachao-dev')).toEqual([]);
  });

  it('is followed: a deployment that goes on without us', async () => {
    const { services } = deployment;
    const prepared = await prepareChangeSet(services, SETTINGS, await deployment.inputs(), quietRun());
    await services.cloudformationWrites.executeChangeSet(
      'cachao-dev',
      prepared.changeSetName ?? '',
      'an-earlier-run',
    );
    await deployment.deploy();
    expect(await status()).toBe('CREATE_COMPLETE');
  });
});

describe('a roll-back that fails', () => {
  /** The code to go back to is gone from the bucket. */
  async function getStuck(): Promise<void> {
    await deployment.deploy();
    const bucket = artifactBucketName(ACCOUNT, 'eu-west-1');
    await deployment.services.s3Writes.deleteVersions(bucket, 'handlers/stripe-event/');
    await buildHandlers(deployment.directory, { marker: '2' });
    await failure(deployment.deploy({ inputs: { templateBody: IMPOSSIBLE } }));
    expect(await status()).toBe('UPDATE_ROLLBACK_FAILED');
  }

  it('is continued, and what blocks it is skipped, each with consent', async () => {
    await getStuck();
    const asked: string[] = [];
    const recoverStack = async (what: string) => asked.push(what) > 0;
    await deployment.deploy({ run: { recoverStack } });
    expect(asked).toHaveLength(2);
    expect(asked[1]).toContain('StripeEventFunction');
    expect(await status()).toBe('UPDATE_COMPLETE');
  });

  it('is left alone when that is declined', async () => {
    await getStuck();
    expect(await failure(deployment.deploy())).toMatchObject({ code: 'STACK_RECOVERY_DECLINED' });
    expect(await status()).toBe('UPDATE_ROLLBACK_FAILED');
  });
});
