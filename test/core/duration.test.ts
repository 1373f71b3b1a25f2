import { describe, expect, it } from 'vitest';
import { readDuration, spanOf, writeDuration } from '../../src/core/duration.js';

describe('durations', () => {
  it('are a number and a unit', () => {
    const cases: [string, number | undefined][] = [
      ['30s', 30_000],
      ['90m', 5_400_000],
      ['24h', 86_400_000],
      ['7d', 604_800_000],
      ['1.5h', 5_400_000],
      [' 2 d ', 172_800_000],
      ['0h', undefined],
      ['-1h', undefined],
      ['24', undefined],
      ['1w', undefined],
      ['yesterday', undefined],
      ['', undefined],
    ];
    for (const [text, milliseconds] of cases)
      expect([text, readDuration(text)]).toEqual([text, milliseconds]);
  });

  it('are written in the largest unit that fits', () => {
    expect([60_000, 5_400_000, 86_400_000, 90_000].map(writeDuration)).toEqual(['1m', '90m', '1d', '90s']);
  });
});

describe('a window', () => {
  it.each([
    [24 * 3_600_000, '24 h'],
    [36 * 3_600_000, '36 h'],
    [7 * 86_400_000, '7 days'],
    [90 * 60_000, '90 min'],
    [2 * 60_000, '2 min'],
    [90_000, '90 s'],
    [400, '1 s'],
  ])('%d ms are %s, never nothing', (milliseconds, text) => {
    expect(spanOf(milliseconds)).toBe(text);
  });
});
