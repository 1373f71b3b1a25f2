import { describe, expect, it } from 'vitest';
import { minorDigits, toMajor, toMinor } from '../../handlers/contract/amounts.js';
import { fc } from '../support/property-tests.js';

describe('amounts', () => {
  it.each([
    ['12.30', 'eur', 1230],
    ['12.3', 'EUR', 1230],
    ['12', 'usd', 1200],
    ['12.300', 'eur', 1230],
    ['0.29', 'eur', 29],
    ['1234567890123.45', 'eur', 123_456_789_012_345],
    ['500', 'jpy', 500],
    ['500.00', 'jpy', 500],
    ['5', 'isk', 500],
    ['5.00', 'ugx', 500],
    ['5.124', 'kwd', 5124],
    ['5.12', 'kwd', 5120],
    ['-3.50', 'eur', -350],
  ])('%s %s is %d minor units', (major, currency, minor) => {
    expect(toMinor(major, currency)).toBe(minor);
  });

  it.each([
    ['12.345', 'eur'],
    ['500.5', 'jpy'],
    ['5.1234', 'kwd'],
    ['', 'eur'],
    ['1e3', 'eur'],
    ['12,30', 'eur'],
    ['99999999999999999.99', 'eur'],
  ])('%s %s is no amount', (major, currency) => {
    expect(toMinor(major, currency)).toBeNull();
  });

  it('go to major units and back unchanged, in every kind of currency', () => {
    fc.assert(
      fc.property(fc.maxSafeInteger(), fc.constantFrom('eur', 'jpy', 'kwd', 'isk'), (minor, currency) => {
        const major = toMajor(minor, currency);
        expect(toMinor(major, currency)).toBe(minor === 0 ? 0 : minor);
        expect(major.split('.')[1]?.length ?? 0).toBe(minorDigits(currency));
      }),
    );
  });
});
