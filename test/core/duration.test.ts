import { describe, expect, it } from 'vitest';
import { readDuration, writeDuration } from '../../src/core/duration.js';

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
