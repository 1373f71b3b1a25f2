import { describe, expect, it } from 'vitest';
import { memoise } from '../../src/core/memo.js';

function counted() {
  const calls: string[] = [];
  let failing = false;
  const reads = memoise({
    rule: async (bus: string, name: string) => {
      calls.push(`${bus}/${name}`);
      if (failing) throw new Error('throttled');
      return { name };
    },
    other: async () => {
      calls.push('other');
      return 1;
    },
  });
  return { calls, reads, fail: (yes: boolean) => (failing = yes) };
}

describe('memoised reads', () => {
  it('make each distinct call once, also when asked at the same time', async () => {
    const { calls, reads } = counted();
    const [a, b] = await Promise.all([
      reads.rule('bus', 'x'),
      reads.rule('bus', 'x'),
      reads.rule('bus', 'y'),
    ]);
    expect(a).toBe(b);
    expect(calls).toEqual(['bus/x', 'bus/y']);
  });

  it('look again after they were forgotten, all or one', async () => {
    const { calls, reads } = counted();
    await reads.rule('bus', 'x');
    await reads.other();
    reads.forget('rule');
    await reads.rule('bus', 'x');
    await reads.other();
    reads.forget();
    await reads.other();
    expect(calls).toEqual(['bus/x', 'other', 'bus/x', 'other']);
  });

  it('do not keep a failure', async () => {
    const { reads, fail } = counted();
    fail(true);
    await expect(reads.rule('bus', 'x')).rejects.toThrow('throttled');
    fail(false);
    await expect(reads.rule('bus', 'x')).resolves.toEqual({ name: 'x' });
  });
});
