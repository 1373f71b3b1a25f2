import { describe, expect, it } from 'vitest';
import { destinationAccounts } from '../../src/checks/stripe/destination-accounts.js';
import { inspectOne } from '../../src/core/inspect.js';
import { stripeMetadata } from '../../src/world/ownership.js';
import type { World } from '../../src/world/world.js';
import { SETTINGS } from '../stack/stage.js';

async function inspectWith(eventsFrom: string[], connectedAccounts = false): Promise<string> {
  const settings = { ...SETTINGS, connectedAccounts };
  const destination = {
    id: 'ed_test_1',
    enabled: true,
    eventsFrom,
    awsAccountId: '123456789012',
    region: settings.region,
    metadata: stripeMetadata(settings),
    createdAt: '2026-11-25T12:00:00Z',
  };
  const world = {
    settings,
    madeDestinations: [],
    sts: { callerIdentity: async () => ({ account: '123456789012' }) },
    stripe: { destinations: { list: async () => [destination] } },
    eventbridge: { listEventSources: async () => [] },
  } as unknown as World;
  const { outcome, summary } = await inspectOne(destinationAccounts, world);
  return `${outcome}: ${summary}`;
}

describe('whose events the destination sends', () => {
  it.each([['@self'], ['self']])('is the account itself, as %s', async (from) => {
    expect(await inspectWith([from])).toBe(`pass: ${from}`);
  });

  it.each([['@accounts'], ['other_accounts'], ['@organization_members']])(
    'is never the account itself with %s alone: its own payments are lost',
    async (from) => {
      for (const connected of [true, false])
        expect(await inspectWith([from], connected)).toBe(
          'fail: ed_test_1 sends no events of the account itself',
        );
    },
  );

  it('is more than the handlers take where connected accounts are among them', async () => {
    expect(await inspectWith(['@self', '@accounts'])).toMatch(/^warn: .*which the handlers refuse/);
    expect(await inspectWith(['@self', '@accounts'], true)).toBe('pass: @self, @accounts');
  });

  it('is less than the stage takes where it takes the payments of connected accounts', async () => {
    expect(await inspectWith(['@self'], true)).toMatch(/^warn: .*sends no events of connected accounts/);
  });
});
