import { describe, expect, it } from 'vitest';
import { functionNameOf, qualifierOf } from '../../src/aws/arn.js';
import { asyncRetries } from '../../src/checks/function/async.js';
import { functionDlq } from '../../src/checks/function/dlq.js';
import type { World } from '../../src/world/world.js';

const ARN = 'arn:aws:lambda:eu-west-1:123456789012:function:Paid';
const QUEUE = 'arn:aws:sqs:eu-west-1:123456789012:failed';

/** A stack of its own kind whose rule invokes an alias, which alone has an asynchronous configuration. */
function worldWithAlias(target: string): World {
  const config = {
    maximumRetryAttempts: 2,
    maximumEventAgeSeconds: 21_600,
    onFailureArn: QUEUE,
    onSuccessArn: null,
  };
  return {
    settings: { stack: { name: 'Shop', managed: false } },
    links: { lambda: () => '', queue: () => '' },
    once: async () => ({ managed: false, functions: [{ role: 'event', name: 'Paid', arn: target }] }),
    lambda: {
      function: async () => ({ arn: ARN, name: 'Paid', deadLetterArn: null, roleArn: null }),
      eventInvokeConfig: async (_name: string, qualifier?: string) =>
        qualifier === 'live' ? config : undefined,
    },
    sqs: { queueUrl: async () => undefined },
  } as unknown as World;
}

describe('a rule that invokes an alias', () => {
  const signal = new AbortController().signal;

  it.each([
    [`${ARN}:live`, 'pass', /^2 retries within 6 h$/],
    [`${ARN}:next`, 'warn', /is retried by Lambda's defaults/],
    [ARN, 'warn', /is retried by Lambda's defaults/],
  ])('%s: the retries are those of the alias', async (target, outcome, summary) => {
    expect(await asyncRetries.inspect(worldWithAlias(target), signal)).toMatchObject({
      outcome,
      summary: expect.stringMatching(summary),
    });
  });

  it.each([
    [`${ARN}:live`, /the queue failed for failures of Paid does not exist/],
    [ARN, /Paid drops what it fails on/],
  ])('%s: the queue for failures is that of the alias', async (target, summary) => {
    const found = await functionDlq.inspect(worldWithAlias(target), signal);
    expect(found.summary).toMatch(summary);
  });

  it('has its name and its qualifier apart', () => {
    expect([functionNameOf(`${ARN}:live`), qualifierOf(`${ARN}:live`)]).toEqual(['Paid', 'live']);
    expect([functionNameOf(ARN), qualifierOf(ARN)]).toEqual(['Paid', undefined]);
    expect(qualifierOf(QUEUE)).toBeUndefined();
  });
});
