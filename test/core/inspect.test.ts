import { describe, expect, it } from 'vitest';
import type { Check } from '../../src/core/check.js';
import { AccessDeniedError, CannotLookError } from '../../src/core/errors.js';
import { fail, pass, warn } from '../../src/core/finding.js';
import { inspectAll } from '../../src/core/inspect.js';

type World = { asked: string[] };

function check(id: string, parts: Partial<Check<World>> = {}): Check<World> {
  return {
    id,
    title: `${id} holds`,
    area: 'account',
    severity: 'fail',
    needs: [],
    iam: [],
    why: 'because',
    inspect: async (world) => {
      world.asked.push(id);
      return pass('fine');
    },
    ...parts,
  };
}

describe('inspectAll', () => {
  it('keeps the order of the checks, whichever finishes first', async () => {
    let finish = (_finding: ReturnType<typeof pass>) => {};
    const slow = check('a', {
      inspect: () =>
        new Promise((resolve) => {
          finish = resolve;
        }),
    });
    const finished = ({ id }: { id: string }) => {
      if (id === 'c') finish(pass('late'));
    };
    const findings = await inspectAll([slow, check('b'), check('c')], { asked: [] }, { finished });
    expect(findings.map((finding) => finding.id)).toEqual(['a', 'b', 'c']);
  });

  it('looks at a check that many need only once', async () => {
    const world: World = { asked: [] };
    await inspectAll(
      [check('root'), check('x', { needs: ['root'] }), check('y', { needs: ['root', 'x'] })],
      world,
    );
    expect(world.asked.filter((id) => id === 'root')).toHaveLength(1);
  });

  it('skips what needs a check that failed, and says which is at the root of it; a warning does not block', async () => {
    const checks = [
      check('a.broken', { inspect: async () => fail('no') }),
      check('dependent', { needs: ['a.broken'] }),
      check('further', { needs: ['dependent'] }),
      check('meh', { severity: 'warn', inspect: async () => warn('so so') }),
      check('on-meh', { needs: ['meh'] }),
    ];
    const findings = await inspectAll(checks, { asked: [] });
    expect(findings.map(({ id, outcome, summary }) => [id, outcome, summary])).toEqual([
      ['a.broken', 'fail', 'no'],
      ['dependent', 'skipped', 'a.broken failed'],
      ['further', 'skipped', 'a.broken failed'],
      ['meh', 'warn', 'so so'],
      ['on-meh', 'pass', 'fine'],
    ]);
  });

  it('says that it could not look when a service refuses, and names the action and the principal', async () => {
    const denied = new AccessDeniedError('events:DescribeRule', 'arn:aws:iam::1:user/me', {
      code: 'AWS_PERMISSION_MISSING',
      message: 'arn:aws:iam::1:user/me is not authorized to perform events:DescribeRule.',
    });
    const [finding] = await inspectAll([check('x', { inspect: () => Promise.reject(denied) })], {
      asked: [],
    });
    expect(finding).toMatchObject({
      outcome: 'unknown',
      summary: expect.stringContaining('events:DescribeRule'),
    });
  });

  it('contains a check that crashes, and one that throws before it returns a promise', async () => {
    const checks = [
      check('crash', {
        inspect: () => {
          throw new TypeError('cannot read x');
        },
      }),
      check('network', {
        inspect: () =>
          Promise.reject(
            new CannotLookError({ code: 'AWS_UNREACHABLE', message: 'no network', next: ['plug it in'] }),
          ),
      }),
      check('fine'),
    ];
    const findings = await inspectAll(checks, { asked: [] });
    expect(findings.map((finding) => finding.outcome)).toEqual(['unknown', 'unknown', 'pass']);
    expect(findings[1]?.remedy?.text).toBe('plug it in');
  });

  it('gives up at the deadline and tells the check', async () => {
    let aborted = false;
    const hanging = check('hang', {
      timeoutMs: 20,
      inspect: (_world, signal) =>
        new Promise(() => {
          signal.addEventListener('abort', () => {
            aborted = true;
          });
        }),
    });
    const [finding] = await inspectAll([hanging], { asked: [] });
    expect(finding).toMatchObject({ outcome: 'unknown', summary: 'no answer within 0.02 s' });
    expect(aborted).toBe(true);
  });

  it('ends with the signal: what is not known by then stays unknown', async () => {
    const interruption = new AbortController();
    const heeds = check('heeds', {
      inspect: (_world, signal) =>
        new Promise((_, reject) => signal.addEventListener('abort', () => reject(new Error('gave up')))),
    });
    const checks = [check('quick'), heeds, check('later', { needs: ['heeds'] })];
    const finished = ({ id }: { id: string }) => {
      if (id === 'quick') interruption.abort();
    };
    const inspecting = inspectAll(checks, { asked: [] }, { finished }, interruption.signal);
    expect((await inspecting).map(({ outcome }) => outcome)).toEqual(['pass', 'unknown', 'skipped']);
  });
});
