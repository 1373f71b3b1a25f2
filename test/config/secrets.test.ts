import { mkdirSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { format, inspect } from 'node:util';
import { describe, expect, it } from 'vitest';
import { databasePassword, stripeKey } from '../../src/config/secrets.js';
import { mask, redact, Secret } from '../../src/core/secret.js';
import { temporaryDirectory } from '../support/run-cli.js';

const TOML = `color = ''

[default]
device_name = "desk"
live_mode_api_key = "rk_live_0000000000aaaa"
test_mode_api_key = 'sk_test_0000000000bbbb' # until May
test_mode_pub_key = "pk_test_0000000000cccc"

[shop]
test_mode_api_key = "rk_test_0000000000dddd"
live_mode_api_key = "*************eeee"
`;

function home(toml: string, below = '.config'): string {
  const directory = temporaryDirectory();
  mkdirSync(path.join(directory, below, 'stripe'), { recursive: true });
  writeFileSync(path.join(directory, below, 'stripe', 'config.toml'), toml);
  return directory;
}

describe('the Stripe key', () => {
  it.each([
    [
      'the environment, before the profile',
      'test',
      { STRIPE_API_KEY: ' sk_test_1111111111ffff ' },
      'sk_test_1111111111ffff',
    ],
    ["the Stripe CLI's profile, in test mode", 'test', {}, 'sk_test_0000000000bbbb'],
    ["the Stripe CLI's profile, in live mode", 'live', {}, 'rk_live_0000000000aaaa'],
    ['the project that is named', 'test', { STRIPE_PROJECT_NAME: 'shop' }, 'rk_test_0000000000dddd'],
    [
      'not the masked one that stands for a key in the keyring',
      'live',
      { STRIPE_PROJECT_NAME: 'shop' },
      undefined,
    ],
    ['none of a project that is not there', 'test', { STRIPE_PROJECT_NAME: 'other' }, undefined],
  ] as const)('is %s', async (_, mode, environment, expected) => {
    const found = await stripeKey(mode, { HOME: home(TOML), ...environment });
    expect(found?.secret.reveal()).toBe(expected);
  });

  it('is looked for where XDG_CONFIG_HOME says', async () => {
    const elsewhere = path.join(home(TOML, 'elsewhere'), 'elsewhere');
    const found = await stripeKey('test', { HOME: temporaryDirectory(), XDG_CONFIG_HOME: elsewhere });
    expect(found).toMatchObject({ source: "the Stripe CLI's profile" });
  });
});

describe('a secret', () => {
  const secret = new Secret('correct-horse-battery');

  it('reads [secret] however it is printed', () => {
    const printed = [
      String(secret),
      JSON.stringify({ secret }),
      inspect({ secret }),
      format('%s %o', secret, secret),
    ];
    for (const text of printed) {
      expect(text).toContain('[secret]');
      expect(text).not.toContain('correct-horse');
    }
    expect(secret.reveal()).toBe('correct-horse-battery');
  });

  it('is redacted from text once it was wrapped, and whatever has the shape of one always is', () => {
    expect(redact('tried correct-horse-battery')).toBe('tried [secret]');
    expect(redact('sk_live_abcd1234 whsec_abcd1234 rk_test_abcd1234')).toBe(
      'sk_live_[secret] whsec_[secret] rk_test_[secret]',
    );
    expect(redact('mysql://shop:p@ss@db.example:3306/shop')).toBe(
      'mysql://shop:[secret]@db.example:3306/shop',
    );
    const harmless = 'https://dashboard.stripe.com/test/events/evt_1 at 10:00, cs_test_a1 by ops@example.com';
    expect(redact(harmless)).toBe(harmless);
  });

  it('is masked so that keys can be told apart', () => {
    expect(mask('sk_test_51Habcdefghijklmnopwxyz')).toBe('sk_test_…wxyz');
    expect(mask('sk_test_short')).toBe('sk_test_…');
    expect(mask('AKIAIOSFODNN7EXAMPLE')).toBe('AKIA…MPLE');
  });

  it('an empty database password is one too; none is none', () => {
    expect(databasePassword({ CACHAO_DATABASE_PASSWORD: '' })?.secret.reveal()).toBe('');
    expect(databasePassword({})).toBeUndefined();
  });
});
