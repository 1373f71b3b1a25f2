import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import type { ErrorCode } from '../../src/core/error-codes/entries.js';
import { CachaoError, CannotLookError } from '../../src/core/errors.js';
import { askFunction } from '../../src/world/ask-function.js';
import type { World } from '../../src/world/world.js';

beforeEach(() => void vi.useFakeTimers());
afterEach(() => void vi.useRealTimers());

/** A function that Lambda refuses to run so many times. */
function busy(refusals: number, code: ErrorCode = 'AWS_THROTTLED') {
  let calls = 0;
  const invoke = async (_name: string, payload: string) => {
    calls += 1;
    if (calls <= refusals) throw new CachaoError({ code, message: 'refused', next: [] });
    return { payload, functionError: null, logTail: '', requestId: '1' };
  };
  return { world: { invoke } as unknown as World, calls: () => calls };
}

it('waits while others keep the function busy, longer each time', async () => {
  const { world, calls } = busy(7);
  const began = Date.now();
  const asked = askFunction(world, 'stage-operations', { operation: 'probe' });
  await vi.runAllTimersAsync();
  expect((await asked).payload).toBe('{"operation":"probe"}');
  expect(calls()).toBe(8);
  // 200 ms, doubled six times, each between its half and its whole; the clock stands still otherwise.
  expect(Date.now() - began).toBeGreaterThan(12_000);
  expect(Date.now() - began).toBeLessThan(26_000);
});

it('says which function was too busy, once that has lasted too long', async () => {
  const { world, calls } = busy(Number.POSITIVE_INFINITY);
  const asked = askFunction(world, 'stage-operations', {}).catch((error: unknown) => error);
  await vi.runAllTimersAsync();
  expect(await asked).toBeInstanceOf(CannotLookError);
  expect(await asked).toMatchObject({
    code: 'FUNCTION_THROTTLED',
    message: expect.stringContaining('stage-operations'),
  });
  expect(calls()).toBe(8);
});

it('asks once where it is refused for another reason', async () => {
  const { world, calls } = busy(1, 'AWS_PERMISSION_MISSING');
  await expect(askFunction(world, 'stage-operations', {})).rejects.toMatchObject({
    code: 'AWS_PERMISSION_MISSING',
  });
  expect(calls()).toBe(1);
});
