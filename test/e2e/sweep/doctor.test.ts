import { afterAll, beforeAll, expect, it } from 'vitest';
import { askAdmin } from '../../support/local-cloud.js';
import { type SetUp, setUp } from '../support/set-up.js';

const RUNS = process.env.CACHAO_SWEEP === 'all' ? 50 : 4;

/** An alarm that rings without cause is soon switched off. */
let stage: SetUp;
beforeAll(async () => {
  stage = await setUp({ CACHAO_EMAIL: 'oncall@example.com' });
  const confirmed = await askAdmin(stage.cloud, 'inbox/confirm', 'POST');
  expect(confirmed.ok).toBe(true);
});
afterAll(() => stage?.close());

it(`finds nothing wrong with a healthy set-up, ${RUNS} times over`, async () => {
  for (let run = 1; run <= RUNS; run++) {
    const { code, report } = await stage.report(['doctor', '--deep']);
    const unwell = report.findings.filter(({ outcome }) => outcome !== 'pass');
    expect(
      unwell.map(({ id, outcome, summary }) => `${id} ${outcome}: ${summary}`),
      `run ${run}`,
    ).toEqual([]);
    expect([code, report.error, report.findings.length > 60]).toEqual([0, null, true]);
    // Payments flow meanwhile.
    if (run % 5 === 0) expect((await stage.run(['checkout'])).code).toBe(0);
  }
});
