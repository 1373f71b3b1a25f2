import { GetParameterCommand, SSMClient } from '@aws-sdk/client-ssm';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import type { TestCloud } from '../support/local-cloud.js';
import { cachao, workingDirectory } from './support/cli.js';
import { environmentFor } from './support/clouds.js';
import { type SavedWorld, saveSetUpWorld } from './support/saved-world.js';
import { schemaErrors } from './support/schema.js';
import { stripeOf } from './support/world.js';

describe('cachao rotate-secret', { timeout: 120_000 }, () => {
  let saved: SavedWorld;
  let cloud: TestCloud;
  const directory = workingDirectory();
  beforeAll(async () => {
    saved = await saveSetUpWorld();
  }, 120_000);
  beforeEach(async () => {
    cloud = await saved.start();
  });
  afterEach(() => cloud.close());
  afterAll(() => {
    saved.remove();
    directory.remove();
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
    expect(report.error.next.join()).toContain('cachao reconcile --apply');
    expect(code).toBe(1);
    expect(await endpoints()).toHaveLength(2);
    expect((await storedSecret())?.split(',')).toHaveLength(2);
    const again = await rotate('--yes', '--abandon-retries');
    expect(again.report).toMatchObject({ outcome: 'changed', rotation: { resumed: true } });
    expect(await endpoints()).toHaveLength(1);
    expect((await storedSecret())?.split(',')).toHaveLength(1);
  });
});
