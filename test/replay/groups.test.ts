import { expect, it } from 'vitest';
import { readDeadLetter } from '../../handlers/contract/dead-letter.js';
import { groupEntries } from '../../src/replay/groups.js';
import { entryOf, type ReplayQueue } from '../../src/replay/types.js';

it('what cannot be read is grouped by why, and not under the first reason', () => {
  const queue = { name: 'failures', purpose: 'delivery', retentionSeconds: 60 } as ReplayQueue;
  const entries = ['hello', 'hallo', '[]', '{}', ''].map((body, index) =>
    entryOf({
      queue,
      message: {
        messageId: `m${index}`,
        receiptHandle: '',
        body,
        sentAt: null,
        receiveCount: 1,
        attributes: {},
      },
      letter: readDeadLetter({ body, attributes: {} }),
    }),
  );
  expect(groupEntries(entries, Date.now()).map(({ reasonText, count }) => [reasonText, count])).toEqual([
    ['the body is not JSON', 2],
    ['it is JSON, but not an object', 1],
    ['it is JSON of a shape that is not known', 1],
    ['the body is empty', 1],
  ]);
});
