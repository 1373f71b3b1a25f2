import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { removeDirectory } from '../../support/directories.js';
import {
  API_VERSION,
  type LocalStripe,
  Merchant,
  ORDER,
  pass,
  payHeadless,
  startLocalStripe,
  TestPartnerEvents,
} from './support.js';

let directory: string;
let local: LocalStripe;
const partner = new TestPartnerEvents();
beforeEach(async () => {
  directory = fs.mkdtempSync(path.join(os.tmpdir(), 'local-stripe-'));
  local = await startLocalStripe({ directory, partner });
});
afterEach(async () => {
  await local.close();
  await removeDirectory(directory);
});

async function restart(): Promise<void> {
  await local.close();
  local = await startLocalStripe({ directory, partner });
}

const deliveries = () => local.cloud.store.table<{ attempts: number }>('stripe.deliveries').values();

it('takes up deliveries, settlements, expiries and the lagging list after a restart', async () => {
  const merchant = await new Merchant().open();
  merchant.status = 500;
  const { secret } = await local
    .sdk()
    .webhookEndpoints.create({ url: merchant.url, enabled_events: ['checkout.session.completed'] });
  const destination = await local.sdk().v2.core.eventDestinations.create({
    name: 'd',
    type: 'amazon_eventbridge',
    event_payload: 'snapshot',
    snapshot_api_version: API_VERSION,
    enabled_events: ['product.updated'],
    amazon_eventbridge: { aws_account_id: '123456789012', aws_region: 'eu-west-1' },
  });
  const paid = await local.sdk().checkout.sessions.create(ORDER);
  const open = await local.sdk().checkout.sessions.create(ORDER);
  const delayed = await local
    .sdk()
    .checkout.sessions.create({ ...ORDER, allowed_payment_method_types: ['sepa_debit'] });
  await payHeadless(local.sdk(), paid);
  await pass(local, 1000, () => deliveries()[0]?.attempts === 1);
  const method = await local.sdk().paymentMethods.create({
    type: 'sepa_debit',
    sepa_debit: { iban: 'DE08370400440532013003' },
    billing_details: { email: 'a@example.com', name: 'A' },
  });
  await local
    .sdk()
    .rawRequest('POST', `/v1/payment_pages/${delayed.id}/confirm`, { payment_method: method.id });

  await restart();
  merchant.status = 200;
  const sdk = local.sdk();
  await pass(local, 3_600_000, () => deliveries().length === 0);
  expect(merchant.received).toHaveLength(3);
  expect((await sdk.events.list({ delivery_success: false })).data).toEqual([]);
  expect((await sdk.checkout.sessions.retrieve(delayed.id)).payment_status).toBe('paid');
  expect((await sdk.v2.core.eventDestinations.list()).data.map(({ id }) => id)).toContain(destination.id);
  await local.clock.advance(24 * 3_600_000);
  expect((await sdk.checkout.sessions.retrieve(open.id)).status).toBe('expired');

  const journal = fs.readFileSync(path.join(directory, 'journal.jsonl'), 'utf8');
  expect(journal).not.toContain(secret);
  merchant.close();
});

it('notices a source that expired while it was not running', async () => {
  const { id, amazon_eventbridge: aws } = await local.sdk().v2.core.eventDestinations.create({
    name: 'd',
    type: 'amazon_eventbridge',
    event_payload: 'snapshot',
    enabled_events: ['*'],
    amazon_eventbridge: { aws_account_id: '123456789012', aws_region: 'eu-west-1' },
  });
  await local.close();
  partner.sources.set(aws?.aws_event_source_arn as string, 'gone');
  local = await startLocalStripe({ directory, partner });
  expect((await local.sdk().v2.core.eventDestinations.retrieve(id)).status_details?.disabled?.reason).toBe(
    'no_aws_event_source_exists',
  );
});
