import { overLimit, queueDoesNotExist } from './errors.js';
import { IN_FLIGHT_LIMIT, type Received } from './mailbox.js';
import type { Queues } from './queues.js';

/**
 * Receives at once, or waits up to `waitSeconds` for the first message to arrive or become visible again.
 * At the in-flight limit a short poll is refused and a long poll finds nothing, as AWS documents.
 */
export async function longPoll(
  queues: Queues,
  queueArn: string,
  maximum: number,
  visibilitySeconds: number,
  waitSeconds: number,
): Promise<Received[]> {
  let waiting = waitSeconds > 0;
  const { promise: timeout, cancel } = deadline(queues, waitSeconds);
  try {
    for (;;) {
      const queue = queues.tables.queues.get(queueArn);
      if (!queue) throw queueDoesNotExist();
      const arrival = nextArrival(queues, queueArn);
      const received = queues.receive(queue, maximum, visibilitySeconds);
      if (received.length > 0 || !waiting) {
        arrival.cancel();
        if (
          received.length === 0 &&
          waitSeconds === 0 &&
          queues.mailbox(queueArn).inFlight >= IN_FLIGHT_LIMIT
        )
          throw overLimit();
        return received;
      }
      waiting = await Promise.race([arrival.promise.then(() => true), timeout.then(() => false)]);
      arrival.cancel();
    }
  } finally {
    cancel();
  }
}

function nextArrival(queues: Queues, queueArn: string): { promise: Promise<void>; cancel: () => void } {
  let cancel = () => {};
  const promise = new Promise<void>((resolve) => {
    cancel = queues.mailbox(queueArn).onArrival(resolve);
  });
  return { promise, cancel };
}

/** A wait takes as long as it says, as visibility and delay do: callers measure all of them. */
function deadline({ cloud }: Queues, seconds: number): { promise: Promise<void>; cancel: () => void } {
  let cancel = () => {};
  const promise = new Promise<void>((resolve) => {
    cancel = cloud.clock.at(cloud.clock.now() + seconds * 1000, resolve);
  });
  return { promise, cancel };
}
