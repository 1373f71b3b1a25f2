import { describe, expect, it } from 'vitest';
import type { Check } from '../../src/core/check.js';
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
    fix: {
      plan: async (world) =>
        world.there.has(name)
          ? []
          : [{ check: name, action: 'create', resource: 'thing', name, details: [] }],
      apply: async (bench) => {
        bench.applied.push(name);
        bench.there.add(name);
      },
    },
    ...parts,
  };
}

const byHand = { fix: undefined } as unknown as Partial<Check<Things, Things>>;
const impatient = { refresh: () => undefined, pausesMs: [] };
const quiet = { fixing: () => ({ note: () => undefined }), settled: () => undefined };

async function run(checks: Check<Things, Things>[], world: Things, signal = new AbortController().signal) {
  const plan = await makePlan(checks, world);
  return { plan, converged: await converge(checks, world, world, plan.findings, quiet, impatient, signal) };
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
    liar.fix = { ...liar.fix, plan: thing('a').fix?.plan ?? (async () => []), apply: async () => undefined };
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
      [],
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
    broken.fix = {
      plan: async () => [{ check: 'b', action: 'create', resource: 'thing', name: 'b', details: [] }],
      apply: async () => {
        throw new CachaoError({ code: 'LIMIT', message: 'too many things' });
      },
    };
    const { converged } = await run([thing('a'), broken, thing('c')], world);
    expect(converged.error?.code).toBe('LIMIT');
    expect(converged.changes.map((change) => change.name)).toEqual(['a']);
    expect(world.applied).toEqual(['a']);
  });

  it('stops at a safe point when it is interrupted', async () => {
    const world = new Things();
    const abort = new AbortController();
    const first = thing('a');
    first.fix = {
      plan: thing('a').fix?.plan ?? (async () => []),
      apply: async (bench) => {
        bench.there.add('a');
        abort.abort();
      },
    };
    const { converged } = await run([first, thing('b')], world, abort.signal);
    expect(converged.error?.code).toBe('INTERRUPTED');
    expect([...world.there]).toEqual(['a']);
  });
});

it('tells a change that several checks ask for once', async () => {
  const same = (check: string) => ({
    plan: async () => [
      { check, action: 'update' as const, resource: 'stack', name: 'shop', details: ['a -> b'] },
    ],
    apply: async (bench: Things) => {
      bench.there.add(check);
    },
  });
  const checks = ['one', 'other'].map((name) => thing(name, [], { fix: same(name) }));
  const plan = await makePlan(checks, new Things());
  expect(plan.changes.map(({ check }) => check)).toEqual(['one']);
  expect(plan.forPerson).toEqual([]);
});
