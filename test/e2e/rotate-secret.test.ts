import { GetParameterCommand, PutParameterCommand, SSMClient } from '@aws-sdk/client-ssm';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import type { TestCloud } from '../support/local-cloud.js';
import type { SavedWorld } from '../support/worlds.js';
import { cachao, workingDirectory } from './support/cli.js';
import { environmentFor } from './support/clouds.js';
import { savedSetUp } from './support/saved-world.js';
import { schemaErrors } from './support/schema.js';
import { stripeOf } from './support/world.js';

interface Report {
  findings: { id: string; outcome: string }[];
}

describe('cachao rotate-secret', () => {
  let saved: SavedWorld;
  let cloud: TestCloud;
  const directory = workingDirectory();
  beforeAll(async () => {
    saved = await savedSetUp();
  });
  beforeEach(async () => {
    cloud = await saved.start();
  });
  afterEach(() => cloud.close());
  afterAll(async () => {
    await directory.remove();
  });

  async function rotate(...args: string[]) {
    const result = await cachao(['rotate-secret', '--json', '--grace', '1', ...args], {
      cwd: directory.path,
      environment: environmentFor(cloud),
    });
    const report = JSON.parse(result.stdout);
    expect(schemaErrors(report)).toEqual([]);
    return { ...result, report };
  }
  const endpoints = async () => (await stripeOf(cloud).webhookEndpoints.list({ limit: 100 })).data;
  const storedSecret = async () =>
    (
      await new SSMClient(cloud.client).send(
        new GetParameterCommand({ Name: '/cachao/dev/stripe/webhook-secret', WithDecryption: true }),
      )
    ).Parameter?.Value;

  it('puts a new endpoint and secret in the place of the old, proven by a real delivery', async () => {
    const [old] = await endpoints();
    const before = await storedSecret();
    const { code, report } = await rotate('--yes');
    expect(report.error).toBeNull();
    expect(code).toBe(0);
    expect(report.checkout).toMatchObject({ passed: true });
    const [next, ...others] = await endpoints();
    expect(others).toEqual([]);
    expect(report.rotation).toEqual({ from: [old?.id], to: next?.id, resumed: false });
    expect(next).toMatchObject({ url: old?.url, status: 'enabled', metadata: old?.metadata });
    expect(next?.enabled_events.sort()).toEqual(old?.enabled_events.sort());
    expect(await storedSecret()).toMatch(/^whsec_\w+$/);
    expect(await storedSecret()).not.toBe(before);
    const doctor = await cachao(['checkout', '--json'], {
      cwd: directory.path,
      environment: environmentFor(cloud),
    });
    expect(JSON.parse(doctor.stdout).checkout.passed).toBe(true);
  });

  const overwrite = (Value: string, Description?: string) =>
    new SSMClient(cloud.client).send(
      new PutParameterCommand({
        ...{ Name: '/cachao/dev/stripe/webhook-secret', Value, Overwrite: true },
        ...(Description === undefined ? {} : { Description }),
      }),
    );
  const run = async (...args: string[]) => {
    const { code, stdout } = await cachao([...args, '--json'], {
      ...{ cwd: directory.path, environment: environmentFor(cloud) },
    });
    const report = JSON.parse(stdout);
    expect(schemaErrors(report)).toEqual([]);
    return { code, report };
  };

  it('finishes although the old secret is lost, also where nothing says what it was', async () => {
    const [old] = await endpoints();
    // As an older version stored it: without a fingerprint. Only the function's refusal tells then.
    await overwrite(
      'whsec_SomebodyElsesSecretOfThirtyTwo0',
      `Signing secret of Stripe webhook endpoint ${old?.id}`,
    );
    const rotated = await rotate('--yes');
    expect(rotated.report.error).toBeNull();
    expect(rotated.report.rotation).toMatchObject({ from: [old?.id], resumed: false });
    expect(await endpoints()).toHaveLength(1);
    await overwrite('whsec_SomebodyElsesSecretOfThirtyTwo0');
    const again = await rotate('--yes');
    expect(again.report).toMatchObject({ error: null, outcome: 'changed', checkout: { passed: true } });
    expect(await endpoints()).toHaveLength(1);
  });

  // Eight runs of the binary: minutes where the machine is busy.
  it('tells a wrong secret: doctor before any traffic, checkout and trace with the reason, and a second endpoint', {
    timeout: 400_000,
  }, async () => {
    const [old] = await endpoints();
    await overwrite('whsec_SomebodyElsesSecretOfThirtyTwo0');
    const of = (report: Report, id: string) => report.findings.find((finding) => finding.id === id);
    const before = await run('doctor', '--only', 'secret,api');
    expect(of(before.report, 'secret.webhook')).toMatchObject({ outcome: 'fail', remedy: { fixable: true } });
    expect(before.code).toBe(1);

    const { code, report } = await run('checkout', '--timeout', '60');
    expect(code).toBe(1);
    expect(report.checkout.summary).toMatch(
      /^webhook reached its function, which refused the signature of evt_\w+ \(400\)/,
    );
    expect(report.checkout.hops).toContainEqual(
      expect.objectContaining({ outcome: 'failed', detail: 'reached, answered 400 (signature)' }),
    );
    const traced = await run('trace', report.checkout.eventId);
    expect(traced.report.trace).toMatchObject({
      stoppedAt: 'Webhook -> function',
      summary: expect.stringContaining('refused the signature (400)'),
      next: [expect.stringMatching(/^cachao doctor --fix/)],
    });
    const refused = await run('doctor', '--only', 'api.refusals');
    expect(of(refused.report, 'api.refusals')).toMatchObject({
      outcome: 'fail',
      evidence: [{ value: expect.stringContaining(report.checkout.eventId) }],
    });

    const second = await stripeOf(cloud).webhookEndpoints.create({
      ...{ url: old?.url ?? '', enabled_events: ['charge.succeeded'], metadata: old?.metadata ?? {} },
    });
    const fixed = await run(
      'doctor',
      '--fix',
      '--yes',
      '--only',
      'secret.webhook,stripe.webhook-unique,api.refusals',
    );
    expect(fixed.report.notRepaired).toEqual([]);
    expect(of(fixed.report, 'secret.webhook')).toMatchObject({ outcome: 'pass' });
    expect(of(fixed.report, 'stripe.webhook-unique')).toMatchObject({ outcome: 'pass' });
    expect((await endpoints()).find(({ id }) => id === second.id)?.status).toBe('disabled');
    // Over: the secret was stored anew since.
    expect(of(fixed.report, 'api.refusals')).toMatchObject({ outcome: 'warn' });
    expect((await run('checkout')).report.checkout.passed).toBe(true);
  });

  it('only shows with --dry-run, and asks before it begins', async () => {
    expect((await rotate('--dry-run')).report).toMatchObject({ outcome: 'planned', rotation: { to: null } });
    const { code, report } = await rotate();
    expect(report.error.code).toBe('ANSWERS_NEEDED');
    expect(code).toBe(4);
    expect(await endpoints()).toHaveLength(1);
  });

  it('refuses where the account has no room for a second endpoint, and says which could go', async () => {
    const stripe = stripeOf(cloud);
    for (let index = 0; index < 15; index++) {
      const { id } = await stripe.webhookEndpoints.create({
        url: `https://shop.example/hook/${index}`,
        enabled_events: ['charge.succeeded'],
      });
      if (index === 0) await stripe.webhookEndpoints.update(id, { disabled: true });
    }
    const { code, report } = await rotate('--yes');
    expect(report.error.code).toBe('WEBHOOK_LIMIT');
    expect(report.error.next[0]).toContain('https://shop.example/hook/0');
    expect(code).toBe(1);
    expect(await endpoints()).toHaveLength(16);
  });

  it('keeps the old endpoint while Stripe still retries an event there', async () => {
    const stripe = stripeOf(cloud);
    const session = await stripe.checkout.sessions.create({
      mode: 'payment',
      success_url: 'https://shop.example/thanks',
      line_items: [
        { quantity: 1, price_data: { currency: 'eur', unit_amount: 500, product_data: { name: 'x' } } },
      ],
      metadata: { order_id: '987654321' },
    });
    await stripe.checkout.sessions.expire(session.id);
    const { code, report } = await rotate('--yes');
    expect(report.error.code).toBe('ROTATION_EVENTS_WAITING');
    expect(report.error.next.join()).toContain('cachao reconcile --stage dev --apply');
    expect(code).toBe(1);
    expect(await endpoints()).toHaveLength(2);
    expect((await storedSecret())?.split(',')).toHaveLength(2);
    const again = await rotate('--yes', '--abandon-retries');
    expect(again.report).toMatchObject({ outcome: 'changed', rotation: { resumed: true } });
    expect(await endpoints()).toHaveLength(1);
    expect((await storedSecret())?.split(',')).toHaveLength(1);
  });
});
