import { describe, expect, it } from 'vitest';
import { compareMaps, compareResources, differingSections } from '../../src/stack/compare.js';
import { fc } from '../support/property-tests.js';

const template = (
  Resources: Record<string, { Type: string; Properties?: Record<string, unknown> }>,
  more = {},
) => ({
  Resources,
  ...more,
});

describe('comparing templates', () => {
  it('names what is added, removed and changed, down to the property', () => {
    const previous = template({
      Kept: { Type: 'T' },
      Gone: { Type: 'T' },
      Function: { Type: 'F', Properties: { Timeout: 30, Vpc: { Subnets: ['a'], Groups: ['g'] } } },
    });
    const next = template({
      Kept: { Type: 'T' },
      Function: {
        Type: 'F',
        Properties: { Timeout: 60, Vpc: { Subnets: ['a', 'b'], Groups: ['g'] }, Memory: 512 },
      },
      New: { Type: 'N' },
    });
    expect(compareResources(previous, next)).toEqual([
      {
        logicalId: 'Function',
        type: 'F',
        kind: 'changed',
        paths: ['Properties.Timeout', 'Properties.Vpc.Subnets', 'Properties.Memory'],
      },
      { logicalId: 'New', type: 'N', kind: 'added', paths: [] },
      { logicalId: 'Gone', type: 'T', kind: 'removed', paths: [] },
    ]);
  });

  it('sees every change, and none where there is none', () => {
    const resources = fc.dictionary(
      fc.constantFrom('A', 'B', 'C', 'D'),
      fc.record(
        {
          Type: fc.constantFrom('T', 'U'),
          Properties: fc.dictionary(fc.constantFrom('p', 'q'), fc.jsonValue(), { noNullPrototype: true }),
        },
        { noNullPrototype: true },
      ),
      { noNullPrototype: true },
    );
    fc.assert(
      fc.property(resources.map(asRead), resources.map(asRead), (a, b) => {
        const same = JSON.stringify(sorted(a)) === JSON.stringify(sorted(b));
        expect(compareResources(template(a), template(b)).length === 0).toBe(same);
        expect(compareResources(template(a), template(asRead(a)))).toEqual([]);
      }),
    );
  });

  it('names other sections that differ', () => {
    expect(
      differingSections(
        template({}, { Outputs: { A: { Value: 1 } }, Conditions: {} }),
        template({}, { Conditions: {} }),
      ),
    ).toEqual(['Outputs']);
  });
});

it('compares parameters by name', () => {
  expect(compareMaps({ A: '1', B: '2', C: '3' }, { A: '1', B: '3', D: '' })).toEqual([
    { name: 'B', previous: '2', next: '3' },
    { name: 'D', previous: null, next: '' },
    { name: 'C', previous: '3', next: null },
  ]);
});

/** As a template is read: JSON has no minus zero. */
function asRead<T>(value: T): T {
  return JSON.parse(JSON.stringify(value)) as T;
}

function sorted(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(sorted);
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(
    Object.entries(value)
      .sort(([a], [b]) => (a < b ? -1 : 1))
      .map(([key, item]) => [key, sorted(item)]),
  );
}
