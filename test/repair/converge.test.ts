import { describe, expect, it } from 'vitest';
import type { Change, Check, PlannedChange } from '../../src/core/check.js';
import { CachaoError } from '../../src/core/errors.js';
import { fail, pass } from '../../src/core/finding.js';
import { converge } from '../../src/repair/converge.js';
import { byHold } from '../../src/repair/held.js';
import { lookBack } from '../../src/repair/look-back.js';
import { makePlan } from '../../src/repair/plan.js';

/** A world of named things that are there or not; a fix makes one be there. */
class Things {
  readonly there = new Set<string>();
  readonly applied: string[] = [];
}

function thing(
  name: string,
  needs: string[] = [],
  parts: Partial<Check<Things, Things>> = {},
): Check<Things, Things> {
  return {
    id: name,
    title: `${name} is there`,
    area: 'stack',
    severity: 'fail',
    needs,
    iam: [],
    why: '',
    inspect: async (world) => (world.there.has(name) ? pass('there') : fail('not there')),
    fix: async (world) => (world.there.has(name) ? [] : [making(name)]),
    ...parts,
  };
}

/** The change that makes it. */
function making(name: string, apply = appearing(name)): PlannedChange<Things> {
  return { check: name, action: 'create', resource: 'thing', name, details: [], apply };
}

function appearing(name: string) {
  return async (bench: Things) => {
    bench.applied.push(name);
    bench.there.add(name);
  };
}

const byHand = { fix: undefined } as unknown as Partial<Check<Things, Things>>;
const impatient = { refresh: () => undefined, pausesMs: [] };
const quiet = {
  fixing: () => ({ note: () => undefined }),
  confirmUnplanned: async () => true,
  settled: () => undefined,
};

async function run(checks: Check<Things, Things>[], world: Things, signal = new AbortController().signal) {
  const plan = await makePlan(checks, world);
  return { plan, converged: await converge(checks, world, world, plan, quiet, impatient, signal) };
}

describe('plan and converge', () => {
  it('plans a whole chain from nothing, in order, and makes it so', async () => {
    const world = new Things();
    const { plan, converged } = await run([thing('a'), thing('b', ['a']), thing('c', ['b'])], world);
    expect(plan.changes.map((change) => change.name)).toEqual(['a', 'b', 'c']);
    expect(world.applied).toEqual(['a', 'b', 'c']);
    expect(converged.findings.map((finding) => finding.outcome)).toEqual(['pass', 'pass', 'pass']);
    expect(converged.error).toBeNull();
  });

  it('changes nothing in a world that is healthy', async () => {
    const world = new Things();
    world.there.add('a').add('b');
    const { plan, converged } = await run([thing('a'), thing('b', ['a'])], world);
    expect(plan.changes).toEqual([]);
    expect(converged.changes).toEqual([]);
    expect(world.applied).toEqual([]);
  });

  it('names what blocks when only a person can put it right, and plans nothing behind it', async () => {
    const { plan } = await run([thing('key', [], byHand), thing('b', ['key'])], new Things());
    expect(plan.blockers.map((finding) => finding.id)).toEqual(['key']);
    expect(plan.changes).toEqual([]);
  });

  it('leaves to a person what nothing rests on, and goes on', async () => {
    const world = new Things();
    const { plan, converged } = await run([thing('confirm-email', [], byHand), thing('b')], world);
    expect(plan.blockers).toEqual([]);
    expect(plan.forPerson.map((finding) => finding.id)).toEqual(['confirm-email']);
    expect(world.applied).toEqual(['b']);
    expect(converged.findings.map((finding) => finding.outcome)).toEqual(['fail', 'pass']);
  });

  it('does not believe a fix: only the second look decides', async () => {
    const world = new Things();
    const liar = thing('a');
    liar.fix = async () => [making('a', async () => undefined)];
    const { converged } = await run([liar, thing('b', ['a'])], world);
    expect(converged.findings.map(({ outcome }) => outcome)).toEqual(['fail', 'skipped']);
    expect(world.applied).toEqual([]);
    const { repaired, notRepaired } = byHold(converged.changes, converged.findings);
    expect(repaired).toEqual([]);
    expect(notRepaired).toMatchObject([{ change: { name: 'a' }, finding: { summary: 'not there' } }]);
  });

  it('calls repaired what passes, or what only warns of a failure; nothing that was not looked at', async () => {
    const { converged } = await run([thing('a')], new Things());
    const [change] = converged.changes;
    const [finding] = converged.findings;
    if (!change || !finding) throw new Error('nothing was changed');
    const names = (found: (typeof finding)[]) => byHold([change], found).repaired.map(({ name }) => name);
    expect(names([finding])).toEqual(['a']);
    expect(names([{ ...finding, outcome: 'warn' }])).toEqual(['a']);
    expect(names([{ ...finding, outcome: 'warn', severity: 'warn' }])).toEqual([]);
    expect(names([{ ...finding, outcome: 'skipped' }])).toEqual([]);
    expect(names([{ ...finding, outcome: 'unknown' }])).toEqual([]);
    expect(names([])).toEqual([]);
  });

  it('looks back: what a later fix changed is told as it is now, and what shows late is waited for', async () => {
    const world = new Things();
    const looks: string[] = [];
    const early = thing('a', [], {
      inspect: async (w) => {
        looks.push([...w.there].join());
        if (!w.there.has('a')) return fail('not there');
        if (!w.there.has('b')) return pass('PENDING');
        return looks.length > 3 ? pass('ACTIVE') : fail('reads back late');
      },
    });
    const { converged } = await run([early, thing('b', ['a'])], world);
    expect(converged.findings.map(({ summary }) => summary)).toEqual(['PENDING', 'there']);
    const patience = { refresh: () => undefined, pausesMs: [1, 1] };
    const { findings, changes } = converged;
    const again = await lookBack([early, thing('b', ['a'])], world, findings, changes, patience);
    expect(again.map(({ summary }) => summary)).toEqual(['ACTIVE', 'there']);
  });

  it('looks again when what was just made shows late', async () => {
    const world = new Things();
    let looks = 0;
    const late = thing('a', [], {
      inspect: async (w) => (w.there.has('a') && ++looks > 2 ? pass('there') : fail('not yet')),
    });
    const converged = await converge(
      [late],
      world,
      world,
      { findings: [], changes: [] },
      quiet,
      { refresh: () => undefined, pausesMs: [1, 1, 1] },
      new AbortController().signal,
    );
    expect(converged.findings[0]?.outcome).toBe('pass');
    expect(world.applied).toEqual(['a']);
  });

  it('stops at the step that throws, and says what was done before', async () => {
    const world = new Things();
    const broken = thing('b', ['a']);
    broken.fix = async () => [
      making('b', async () => {
        throw new CachaoError({ code: 'WEBHOOK_LIMIT', message: 'too many things' });
      }),
    ];
    const { converged } = await run([thing('a'), broken, thing('c')], world);
    expect(converged.error?.code).toBe('WEBHOOK_LIMIT');
    expect(converged.changes.map((change) => change.name)).toEqual(['a']);
    expect(world.applied).toEqual(['a']);
  });

  it('stops at a safe point when it is interrupted', async () => {
    const world = new Things();
    const abort = new AbortController();
    const first = thing('a');
    first.fix = async () => [
      making('a', async (bench) => {
        bench.there.add('a');
        abort.abort();
      }),
    ];
    const { converged } = await run([first, thing('b')], world, abort.signal);
    expect(converged.error?.code).toBe('INTERRUPTED');
    expect([...world.there]).toEqual(['a']);
  });
});

describe('what was agreed to is what is done', () => {
  /** A fix whose change says something else each time that it is asked. */
  function changing(...details: string[]) {
    let asked = 0;
    return thing('a', [], {
      fix: async () => [{ ...making('a'), details: [details[asked++] ?? ''] }],
    });
  }

  async function asking(checks: Check<Things, Things>[], answer: boolean, world = new Things()) {
    const asked: string[][] = [];
    const events = {
      ...quiet,
      confirmUnplanned: async (changes: readonly Change[]) => {
        asked.push(changes.flatMap(({ name, details }) => [name, ...details]));
        return answer;
      },
    };
    const plan = await makePlan(checks, world);
    const { signal } = new AbortController();
    return { asked, world, ...(await converge(checks, world, world, plan, events, impatient, signal)) };
  }

  it('asks nothing more where the plan has not changed', async () => {
    const { asked, changes } = await asking([thing('a'), thing('b', ['a'])], true);
    expect(asked).toEqual([]);
    expect(changes.map(({ name }) => name)).toEqual(['a', 'b']);
  });

  it('shows what says more than was agreed to, and does it only with another yes', async () => {
    const agreed = await asking([changing('one', 'another')], true);
    expect(agreed.asked).toEqual([['a', 'another']]);
    expect(agreed.world.applied).toEqual(['a']);
    const declined = await asking([changing('one', 'another'), thing('b')], false);
    expect(declined.world.applied).toEqual([]);
    expect(declined.error).toMatchObject({ code: 'DECLINED', message: expect.stringContaining('thing a') });
  });

  it('asks about what broke after the plan was agreed to', async () => {
    const world = new Things();
    world.there.add('b');
    const breaking = thing('a', [], {
      fix: async () => [
        making('a', async (bench) => {
          bench.there.delete('b');
          bench.there.add('a');
        }),
      ],
    });
    const { asked } = await asking([breaking, thing('b', ['a'])], true, world);
    expect(asked).toEqual([['b']]);
    expect([...world.there]).toEqual(['a', 'b']);
  });

  it('lets what was not known yet be anything, and what was told be only that', async () => {
    const early = 'target: (known after apply), limit 5';
    expect((await asking([changing(early, 'target: arn:1, limit 5')], true)).asked).toEqual([]);
    expect((await asking([changing(early, 'target: arn:1, limit 500')], true)).asked).toHaveLength(1);
  });

  it('lets waiting happen unasked', async () => {
    const seconds = ['30 s', '20 s'];
    const check = thing('a', [], {
      fix: async () => [{ ...making('a'), action: 'wait', details: [seconds.shift() ?? ''] }],
    });
    expect((await asking([check], false)).error).toBeNull();
  });
});

it('tells a change that several checks ask for once', async () => {
  const same = (check: string) => async (): Promise<PlannedChange<Things>[]> => [
    {
      ...{ check, action: 'update', resource: 'stack', name: 'shop', details: ['a -> b'] },
      apply: async (bench) => bench.there.add(check),
    },
  ];
  const checks = ['one', 'other'].map((name) => thing(name, [], { fix: same(name) }));
  const plan = await makePlan(checks, new Things());
  expect(plan.changes.map(({ check }) => check)).toEqual(['one']);
  expect(plan.forPerson).toEqual([]);
});
