import { mkdtempSync } from 'node:fs';
import { tmpdir } from 'node:os';
import {
  CreateChangeSetCommand,
  DescribeStacksCommand,
  ExecuteChangeSetCommand,
} from '@aws-sdk/client-cloudformation';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { Clock } from '../../../src/local-cloud/kernel/clock.js';
import { removeDirectory } from '../../support/directories.js';
import { deploy, settled, story, template, thing } from './deploying.js';
import { startThingsCloud, type ThingsCloud } from './things-cloud.js';

let directory: string;
beforeEach(() => {
  directory = mkdtempSync(`${tmpdir()}/stacks-`);
});
afterEach(() => removeDirectory(directory));

const STEP = 150;
const body = (fail: string) =>
  template(
    {
      A: thing({ Name: 'a', Label: fail }),
      B: thing({ Needs: { Ref: 'A' } }),
      C: thing({ Needs: { 'Fn::GetAtt': ['B', 'Arn'] }, Fail: fail }),
    },
    { Outputs: { C: { Value: { Ref: 'C' } } } },
  );

async function begin(cloud: ThingsCloud, ChangeSetType: 'CREATE' | 'UPDATE', fail: string): Promise<string> {
  const { Id, StackId } = await cloud.client.send(
    new CreateChangeSetCommand({
      StackName: 'shop',
      ChangeSetName: 'next',
      ChangeSetType,
      TemplateBody: JSON.stringify(body(fail)),
    }),
  );
  await cloud.cloud.clock.advance(2000);
  await cloud.client.send(new ExecuteChangeSetCommand({ ChangeSetName: Id }));
  return StackId as string;
}

/** Lets `steps` pass, and then kills: nothing but what was flushed stays. */
async function dieAfter(cloud: ThingsCloud, steps: number): Promise<void> {
  for (let step = 0; step < steps; step += 1) await (cloud.cloud.clock as Clock).advance(STEP);
  cloud.cloud.clock.stop();
  // A killed process flushes nothing more.
  cloud.cloud.store.flush = () => {};
  await cloud.close();
}

describe.each([
  ['a creation', 'CREATE', 'no', 'CREATE_COMPLETE'],
  ['a failing creation', 'CREATE', 'yes', 'ROLLBACK_COMPLETE'],
  ['a failing update', 'UPDATE', 'yes', 'UPDATE_ROLLBACK_COMPLETE'],
] as const)('%s that a kill interrupts', (_name, type, fail, expected) => {
  it.each([0, 3, 7, 11, 14, 18, 22, 26, 30, 36])(
    'after %i steps ends as if nothing had happened',
    async (steps) => {
      if (type === 'UPDATE') {
        const before = await startThingsCloud({ directory });
        await deploy(before.client, body('no'), { ChangeSetType: 'CREATE' });
        await before.close();
      }
      const doomed = await startThingsCloud({ directory, mode: 'manual' });
      const stackId = await begin(doomed, type, fail);
      await dieAfter(doomed, steps);
      const next = await startThingsCloud({ directory });
      const stack = await settled(next.client, stackId);
      expect(stack.StackStatus).toBe(expected);
      expect(next.things()).toHaveLength(expected === 'ROLLBACK_COMPLETE' ? 0 : 3);
      if (expected === 'UPDATE_ROLLBACK_COMPLETE') expect(next.thing('a')?.properties.Label).toBe('no');
      if (expected === 'CREATE_COMPLETE') expect(stack.Outputs).toHaveLength(1);
      const told = await story(next.client, stackId);
      // Nothing is told to begin twice: one in progress, one "initiated", one end each.
      if (expected === 'CREATE_COMPLETE')
        expect(told.filter((line) => line === 'B CREATE_IN_PROGRESS')).toHaveLength(2);
      await next.close();
    },
  );
});

it('a change set that was being worked out is finished by the next process', async () => {
  const doomed = await startThingsCloud({ directory, mode: 'manual' });
  await doomed.client.send(
    new CreateChangeSetCommand({
      StackName: 'shop',
      ChangeSetName: 'next',
      ChangeSetType: 'CREATE',
      TemplateBody: JSON.stringify(body('no')),
    }),
  );
  await dieAfter(doomed, 0);
  const next = await startThingsCloud({ directory });
  expect(
    (await next.client.send(new DescribeStacksCommand({ StackName: 'shop' }))).Stacks?.[0]?.StackStatus,
  ).toBe('REVIEW_IN_PROGRESS');
  const { DescribeChangeSetCommand, waitUntilChangeSetCreateComplete } = await import(
    '@aws-sdk/client-cloudformation'
  );
  const which = { StackName: 'shop', ChangeSetName: 'next' };
  await waitUntilChangeSetCreateComplete(
    { client: next.client, maxWaitTime: 10, minDelay: 1, maxDelay: 1 },
    which,
  );
  expect((await next.client.send(new DescribeChangeSetCommand(which))).Changes).toHaveLength(3);
  await next.close();
});
