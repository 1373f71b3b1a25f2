import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { errors } from '../../src/checks/function/errors.js';
import { happened, isOver, lastWords } from '../../src/checks/lately.js';
import type { World } from '../../src/world/world.js';

const MINUTE = 60_000;
const NOW = Date.parse('2026-11-28T12:24:30.000Z');
beforeAll(() => {
  vi.useFakeTimers({ now: NOW, toFake: ['Date'] });
});
afterAll(() => {
  vi.useRealTimers();
});

/** Metrics; `handled`: what the function's own log says that it handled. */
type Points = Record<string, [minutesAgo: number, value: number][]>;

/** A world whose one function reported so much, by the minute. */
function worldOf(points: Points, windowMs = 24 * 60 * MINUTE): World {
  const path = { functions: [{ role: 'event', name: 'shop-event', arn: 'arn' }] };
  return {
    choices: { windowMs },
    settings: { stack: { managed: points.handled !== undefined } },
    logs: {
      filterEvents: async ({ since }: { since: string }) =>
        (points.handled ?? [])
          .filter(([ago]) => NOW - ago * MINUTE >= Date.parse(since))
          .map(() => ({ message: JSON.stringify({ message: 'stripe-event', outcome: 'paid' }) })),
    },
    once: async () => path,
    lambda: { function: async () => ({ logGroup: '/cachao/shop/event' }) },
    links: { lambda: () => '', logGroup: () => '' },
    cloudwatch: {
      metric: async ({ name, periodSeconds }: { name: string; periodSeconds: number }) => {
        const period = periodSeconds * 1000;
        return (points[name] ?? []).map(([ago, value]) => ({
          time: new Date(Math.floor((NOW - ago * MINUTE) / period) * period).toISOString(),
          value,
        }));
      },
    },
  } as unknown as World;
}
const look = (points: Points, windowMs?: number) =>
  errors.inspect(worldOf(points, windowMs), new AbortController().signal);

describe('an incident that is over', () => {
  it('warns, and says when it was, once it has been quiet and something went well since', async () => {
    expect(
      await look({
        Errors: [
          [40, 3],
          [35, 15],
        ],
        Invocations: [
          [35, 15],
          [20, 4],
        ],
      }),
    ).toMatchObject({
      outcome: 'warn',
      summary: 'over: shop-event: 18 errors in 24 h; the last at 11:50Z, none for 34 min',
      actual: 'shop-event: 18 errors; the last at 11:50Z, none for 34 min; 4 runs since went well',
      remedy: { commands: [] },
    });
  });

  it.each([
    ['it goes on', { Errors: [[2, 1]], Invocations: [[1, 9]] }, 'the last at 12:23Z, none for 1 min'],
    [
      'nothing has run since',
      { Errors: [[60, 1]], Invocations: [[60, 1]] },
      'the last at 11:25Z, none for 59 min',
    ],
  ] as [string, Points, string][])('fails while %s', async (_title, points, said) => {
    const verdict = await look(points);
    expect(verdict).toMatchObject({ outcome: 'fail', summary: expect.stringContaining(said) });
  });

  it('names the checkout that would prove it, where nothing has run since', async () => {
    expect((await look({ Errors: [[60, 1]] })).remedy?.commands).toContain('cachao checkout');
    expect((await look({ Errors: [[60, 1]], Invocations: [[5, 1]] })).outcome).toBe('warn');
  });

  it('is not over because our own function was probed: what it handled counts', async () => {
    expect((await look({ Errors: [[60, 1]], Invocations: [[5, 9]], handled: [] })).outcome).toBe('fail');
    expect((await look({ Errors: [[60, 1]], Invocations: [[5, 9]], handled: [[70, 1]] })).outcome).toBe(
      'fail',
    );
    expect((await look({ Errors: [[60, 1]], Invocations: [], handled: [[3, 1]] })).outcome).toBe('warn');
  });

  it('is not told when it lies outside the window, and a short window is told as it was given', async () => {
    expect(await look({ Errors: [[5, 1]] }, 2 * MINUTE)).toMatchObject({
      outcome: 'pass',
      summary: 'none in 2 min',
    });
    expect(await look({ Errors: [[1, 1]] }, 2 * MINUTE)).toMatchObject({
      outcome: 'fail',
      summary: expect.stringContaining('1 error in 2 min'),
    });
  });

  it('counts by the minute up to a day, and by five minutes beyond', async () => {
    const metric = { namespace: 'AWS/Lambda', name: 'Errors', dimensions: {} };
    const lastAt = async (windowMs: number) =>
      (await happened(worldOf({ Errors: [[7, 1]] }, windowMs), metric)).lastAt;
    expect(new Date((await lastAt(3_600_000)) ?? 0).toISOString()).toBe('2026-11-28T12:18:00.000Z');
    expect(new Date((await lastAt(7 * 86_400_000)) ?? 0).toISOString()).toBe('2026-11-28T12:20:00.000Z');
  });

  it('takes ten quiet minutes, and names the day where it was another', () => {
    expect(isOver(NOW - 9 * MINUTE, 1)).toBe(false);
    expect(isOver(NOW - 10 * MINUTE, 1)).toBe(true);
    expect(isOver(NOW - 10 * MINUTE, 0)).toBe(false);
    expect(lastWords(NOW - 20 * 60 * MINUTE)).toBe('the last at 2026-11-27 16:24Z, none for 20 h');
  });
});
