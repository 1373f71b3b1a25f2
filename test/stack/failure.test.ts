import { describe, expect, it } from 'vitest';
import type { StackEvent } from '../../src/aws/cloudformation.js';
import { changeSetRefused, rootCause, stackFailed } from '../../src/stack/failure.js';
import { fc } from '../support/property-tests.js';

const STACK_ID = 'arn:aws:cloudformation:eu-west-1:123456789012:stack/cachao-dev/1';
let second = 0;
const event = (
  logicalId: string,
  status: string,
  reason: string | null,
  more: Partial<StackEvent> = {},
): StackEvent => ({
  id: `${logicalId}-${status}`,
  time: new Date(Date.UTC(2026, 0, 1, 0, 0, second++)).toISOString(),
  logicalId,
  physicalId: null,
  resourceType: 'AWS::Lambda::Function',
  status,
  reason,
  token: null,
  ...more,
});

const STORY = [
  event('cachao-dev', 'CREATE_IN_PROGRESS', 'User Initiated', { physicalId: STACK_ID }),
  event('Queue', 'CREATE_IN_PROGRESS', null),
  event('Function', 'CREATE_FAILED', 'decreases account UnreservedConcurrentExecution below its minimum'),
  event('Queue', 'CREATE_FAILED', 'Resource creation cancelled'),
  event(
    'cachao-dev',
    'ROLLBACK_IN_PROGRESS',
    'The following resource(s) failed to create: [Function, Queue].',
    {
      physicalId: STACK_ID,
    },
  ),
  event('Queue', 'DELETE_FAILED', 'the queue is busy'),
  event('cachao-dev', 'ROLLBACK_FAILED', 'The following resource(s) failed to delete: [Queue].', {
    physicalId: STACK_ID,
  }),
];

describe('the first root cause', () => {
  it('is found in whatever order the events come', () => {
    fc.assert(
      fc.property(fc.shuffledSubarray(STORY, { minLength: STORY.length }), (events) => {
        expect(rootCause(events, STACK_ID)?.logicalId).toBe('Function');
      }),
    );
  });

  it('is told with the resource, the reason and what to do about it', () => {
    const error = stackFailed(
      { name: 'cachao-dev', id: STACK_ID, status: 'ROLLBACK_FAILED', statusReason: null },
      STORY,
    );
    expect(error.message).toContain('failed at Function (AWS::Lambda::Function): decreases account');
    expect(error.next[0]).toContain('reservedConcurrency');
    expect(error).toMatchObject({ code: 'STACK_FAILED', status: 'ROLLBACK_FAILED' });
  });

  it("is the stack's own reason when no resource has one", () => {
    const error = stackFailed(
      { name: 's', id: STACK_ID, status: 'ROLLBACK_COMPLETE', statusReason: 'quota' },
      [],
    );
    expect(error.message).toBe('The stack s failed: quota');
  });
});

it('a refused change set names each property that is at fault, and leaves warnings out', () => {
  const failure = {
    logicalId: 'Group',
    resourceType: 'AWS::Logs::LogGroup',
    validation: 'RESOURCE_NAME_CONFLICT',
  };
  const error = changeSetRefused('s', 'validation failed', [
    { ...failure, stops: true, path: '/Resources/Group/Properties/LogGroupName', reason: 'already exists' },
    { ...failure, stops: false, path: '/Resources/Group', reason: 'a warning' },
  ]);
  expect(error).toMatchObject({ code: 'STACK_REFUSED' });
  expect(error.message).toContain('/Resources/Group/Properties/LogGroupName: already exists');
  expect(error.message).not.toContain('a warning');
  expect(error.next[0]).toContain('log group');
});
