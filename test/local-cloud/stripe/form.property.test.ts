import { describe, expect, it } from 'vitest';
import { StripeError } from '../../../src/local-cloud/stripe/http/errors.js';
import { parseForm } from '../../../src/local-cloud/stripe/http/form.js';
import { fc } from '../../support/property-tests.js';

type Value = string | Value[] | { [key: string]: Value };

const name = fc
  .string({ minLength: 1, maxLength: 8 })
  .filter((text) => !/[[\]]/.test(text) && !/^\d+$/.test(text));
const { value } = fc.letrec<{ value: Value }>((tie) => ({
  value: fc.oneof(
    { depthSize: 'small', withCrossShrink: true },
    fc.string(),
    fc.array(tie('value'), { minLength: 1, maxLength: 4 }),
    fc.dictionary(name, tie('value'), { minKeys: 1, maxKeys: 4 }),
  ),
}));
const form = fc.dictionary(name, value, { maxKeys: 5 });

/** Encodes as Stripe's SDKs do: indexed lists, brackets nested. */
function encode(entries: [string, Value][]): string[] {
  return entries.flatMap(([key, inner]) => {
    if (typeof inner === 'string')
      return [
        `${encodeURIComponent(key).replaceAll('%5B', '[').replaceAll('%5D', ']')}=${encodeURIComponent(inner)}`,
      ];
    return encode(Object.entries(inner).map(([sub, deeper]) => [`${key}[${sub}]`, deeper as Value]));
  });
}

/** What the reader gives for lists with indices: maps by index; and no prototypes. */
function indexed(inner: Value): unknown {
  if (typeof inner === 'string') return inner;
  return Object.fromEntries(Object.entries(inner).map(([key, deeper]) => [key, indexed(deeper as Value)]));
}

describe('form parsing', () => {
  it('reads back whatever an SDK encodes', () => {
    fc.assert(
      fc.property(form, (given) => {
        const read = parseForm(encode(Object.entries(given)).join('&'));
        expect(JSON.parse(JSON.stringify(read))).toEqual(JSON.parse(JSON.stringify(indexed(given))));
      }),
    );
  });

  it('reads any text without harm: a form, or a refusal in the words of Stripe', () => {
    fc.assert(
      fc.property(
        fc.string({ unit: fc.constantFrom('a', '[', ']', '=', '&', '%', '+', '0', '__proto__') }),
        (text) => {
          try {
            parseForm(text);
          } catch (error) {
            expect(error).toBeInstanceOf(StripeError);
          }
          expect(({} as { a?: unknown }).a).toBeUndefined();
        },
      ),
    );
  });

  it.each([
    ['a=1&a=2', { a: '2' }],
    ['a[]=1&a[]=2', { a: ['1', '2'] }],
    ['a[][b]=1&a[][c]=2&a[][b]=3', { a: [{ b: '1', c: '2' }, { b: '3' }] }],
    ['a[0][b]=1&a[1][b]=2', { a: { 0: { b: '1' }, 1: { b: '2' } } }],
    ['a%5Bb%5D=x+y%2Bz', { a: { b: 'x y+z' } }],
    ['a[b=1', { 'a[b': '1' }],
    ['a', { a: '' }],
    ['=1&&', {}],
  ])('%s', (text, expected) => {
    expect(JSON.parse(JSON.stringify(parseForm(text)))).toEqual(expected);
  });

  it.each(['a=1&a[b]=2', 'a[]=1&a[b]=2', 'a[b]=1&a[]=2', `a${'[b]'.repeat(30)}=1`])('refuses %s', (text) => {
    expect(() => parseForm(text)).toThrow(StripeError);
  });
});
