import { describe, expect, it } from 'vitest';
import type { PathCheck } from '../../src/checks/types.js';
import { CachaoError } from '../../src/core/errors.js';
import type { Area } from '../../src/core/finding.js';
import { pass } from '../../src/core/finding.js';
import { choose, type Selection } from '../../src/doctor/choose.js';

const check = (id: string, needs: string[] = [], parts: Partial<PathCheck> = {}): PathCheck => ({
  id,
  title: id,
  area: id.split('.')[0] as Area,
  severity: 'fail',
  needs,
  iam: [],
  why: '',
  inspect: async () => pass('fine'),
  ...parts,
});

const ALL = [
  check('account.key'),
  check('stripe.destination', ['account.key']),
  check('stack.healthy', ['stripe.destination']),
  check('stack.drift', ['stack.healthy'], { deep: true }),
  check('queue.empty', ['stack.healthy']),
  check('delivery.end-to-end', ['stack.healthy']),
];

const chosen = (selection: Partial<Selection>) => {
  const choice = choose(ALL, { only: [], skip: [], deep: false, endToEnd: false, ...selection });
  return { meant: [...choice.chosen], looked: choice.checks.map(({ id }) => id) };
};

describe('the choice of checks', () => {
  it('is everything, but for what takes long and what does something', () => {
    const { meant } = chosen({});
    expect(meant).toEqual(['account.key', 'stripe.destination', 'stack.healthy', 'queue.empty']);
    expect(chosen({ deep: true }).meant).toContain('stack.drift');
    expect(chosen({ endToEnd: true }).meant).toContain('delivery.end-to-end');
  });

  it('takes what a chosen check needs, and what that needs, in order, without meaning it', () => {
    expect(chosen({ only: ['queue.empty'] })).toEqual({
      meant: ['queue.empty'],
      looked: ['account.key', 'stripe.destination', 'stack.healthy', 'queue.empty'],
    });
    expect(chosen({ only: ['queue'], skip: ['stripe'] }).looked).toContain('stripe.destination');
  });

  it('that is to be repaired takes what the repair rests on, too', () => {
    const fix = async () => [];
    const deployed = check('stack.current', ['account.key'], { fix, fixNeeds: ['delivery.single-handler'] });
    const all = [check('account.key'), check('delivery.single-handler'), deployed];
    const selection = { only: ['stack.current'], skip: [], deep: false, endToEnd: false };
    expect(choose(all, selection).checks.map(({ id }) => id)).toEqual(['account.key', 'stack.current']);
    expect(choose(all, { ...selection, fix: true }).checks).toHaveLength(3);
  });

  it('means what it names, also when it takes long; an area means only what is asked for', () => {
    expect(chosen({ only: ['stack.drift'] }).meant).toEqual(['stack.drift']);
    expect(chosen({ only: ['stack'] }).meant).toEqual(['stack.healthy']);
    expect(chosen({ only: ['delivery.end-to-end'] }).meant).toEqual(['delivery.end-to-end']);
  });

  it('answers a wrong name with near ones', () => {
    const message = (name: string) => {
      try {
        chosen({ only: [name] });
        return '';
      } catch (error) {
        return error instanceof CachaoError && error.exitCode === 2 ? error.message : String(error);
      }
    };
    expect(message('queue.emty')).toContain('Did you mean queue.empty?');
    expect(message('empty')).toContain('queue.empty');
    expect(message('stak')).toContain('stack');
    expect(message('nonsense')).toBe('There is no check "nonsense".');
  });

  it('that leaves nothing is refused', () => {
    expect(() => chosen({ only: ['queue'], skip: ['queue.empty'] })).toThrow(/Nothing is left to check/);
    expect(() => chosen({ only: ['delivery'] })).toThrow(/Nothing is left/);
  });
});
