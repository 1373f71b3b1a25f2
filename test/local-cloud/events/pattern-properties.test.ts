import { expect, test } from 'vitest';
import { eventPattern } from '../../../src/local-cloud/aws/events/pattern/index.js';
import { fc, inputs } from '../../support/property-tests.js';

const test1 = (matcher: object, value: unknown) =>
  eventPattern(JSON.stringify({ a: [matcher] }))({ a: value });
const few = fc.string({ unit: fc.constantFrom('a', 'b', '.', '/'), maxLength: 8 });

test('wildcards agree with the regular expression they stand for', () => {
  // Few letters and short texts, so that pieces overlap often.
  const short = fc.string({ unit: fc.constantFrom('a', 'b'), maxLength: 5 });
  const piece = fc.string({ unit: fc.constantFrom('a', 'b'), maxLength: 2 });
  fc.assert(
    // Pieces between two stars must not be empty: AWS refuses consecutive stars.
    fc.property(
      piece,
      fc.array(
        piece.filter((text) => text !== ''),
        { maxLength: 3 },
      ),
      piece,
      short,
      (head, middle, tail, text) => {
        const pattern = [head, ...middle, tail].join('*');
        const expression = new RegExp(`^${pattern.replaceAll('.', '\\.').replaceAll('*', '[^]*')}$`);
        expect(test1({ wildcard: pattern }, text)).toBe(expression.test(text));
      },
    ),
    { numRuns: inputs(1000) },
  );
});

test('IPv4 blocks agree with arithmetic on addresses', () => {
  const dotted = (address: number) => [24, 16, 8, 0].map((shift) => (address >>> shift) & 255).join('.');
  fc.assert(
    fc.property(fc.nat(0xffffffff), fc.nat(0xff), fc.integer({ min: 0, max: 32 }), (base, near, bits) => {
      const address = (base ^ near) >>> 0;
      const mask = bits === 0 ? 0 : (0xffffffff << (32 - bits)) >>> 0;
      const inside = (base & mask) >>> 0 === (address & mask) >>> 0;
      expect(test1({ cidr: `${dotted(base)}/${bits}` }, dotted(address))).toBe(inside);
    }),
  );
});

test('an exact pattern of any flat event matches that event, and no event with one value changed', () => {
  const scalar = fc.oneof(few, fc.integer(), fc.boolean(), fc.constant(null));
  const flat = fc.dictionary(fc.constantFrom('a', 'b', 'c', 'd'), scalar, { minKeys: 1 });
  fc.assert(
    fc.property(flat, fc.nat(), scalar, (event, which, other) => {
      const pattern = eventPattern(
        JSON.stringify(Object.fromEntries(Object.entries(event).map(([key, value]) => [key, [value]]))),
      );
      expect(pattern(event)).toBe(true);
      const keys = Object.keys(event);
      const key = keys[which % keys.length] as string;
      expect(pattern({ ...event, [key]: other })).toBe(Object.is(event[key], other) || event[key] === other);
    }),
  );
});

test('anything-but is the opposite of its list for every value that is there', () => {
  fc.assert(
    fc.property(fc.uniqueArray(few, { minLength: 1 }), few, (list, value) => {
      expect(test1({ 'anything-but': list }, value)).toBe(!list.includes(value));
      expect(test1({ 'anything-but': { prefix: list.map((text) => `x${text}`) } }, value)).toBe(true);
    }),
  );
});

test('no text makes the compiler fail other than by refusing the pattern', () => {
  const value = fc.jsonValue({ maxDepth: 4 });
  fc.assert(
    fc.property(value, value, (pattern, event) => {
      try {
        expect(typeof eventPattern(JSON.stringify(pattern))(event)).toBe('boolean');
      } catch (error) {
        expect(error).toMatchObject({ code: 'InvalidEventPatternException' });
      }
    }),
  );
});
