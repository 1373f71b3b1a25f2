import { createHash } from 'node:crypto';
import type { LocalCloud } from '../../kernel/cloud.js';
import { STRIPE_LIVE_KEY, STRIPE_TEST_KEY } from '../constants.js';

/** A key as the answering side knows it. Of a registered key only a hash is kept. */
export interface ApiKey {
  /** As Stripe shows it in messages: the prefix and the last four characters. */
  redacted: string;
  livemode: boolean;
  /** `rak_` permissions without the prefix (`event_read`); null for a secret key, which may do everything. */
  permissions: string[] | null;
  /** Milliseconds since the epoch. */
  expiresAt: number | null;
}

/** Body of `PUT /_cachao/stripe/keys`. */
export interface KeyRegistration {
  key: string;
  /** For `rk_` keys: `rak_event_read`, `rak_webhook_write`, … */
  permissions?: string[];
  /** Milliseconds since the epoch; a time in the past makes an expired key. */
  expiresAt?: number;
}

const KEY = /^(sk|rk)_(test|live)_[A-Za-z0-9]{8,200}$/;

export class Keys {
  constructor(private readonly cloud: LocalCloud) {}

  /** Throws an Error that names what is wrong with the registration, never the key. */
  register(registration: { [member in keyof KeyRegistration]?: unknown }): void {
    const { key, permissions, expiresAt } = registration;
    const form = typeof key === 'string' ? KEY.exec(key) : null;
    if (typeof key !== 'string' || !form)
      throw new Error(
        'a key reads sk_test_…, sk_live_…, rk_test_… or rk_live_… with 8 or more letters or digits',
      );
    if (expiresAt !== undefined && typeof expiresAt !== 'number')
      throw new Error('expiresAt is a number of milliseconds since the epoch');
    const restricted = form[1] === 'rk';
    if (permissions !== undefined && !restricted)
      throw new Error('only a restricted key (rk_…) has permissions');
    this.table.set(hashOf(key), {
      redacted: redact(key),
      livemode: form[2] === 'live',
      permissions: restricted ? readPermissions(permissions) : null,
      expiresAt: expiresAt ?? null,
    });
  }

  find(key: string): ApiKey | undefined {
    if (key === STRIPE_TEST_KEY || key === STRIPE_LIVE_KEY)
      return { redacted: redact(key), livemode: key === STRIPE_LIVE_KEY, permissions: null, expiresAt: null };
    return this.table.get(hashOf(key));
  }

  private get table() {
    return this.cloud.store.table<ApiKey>('stripe.keys');
  }
}

function readPermissions(given: unknown): string[] {
  if (given === undefined) return [];
  if (!Array.isArray(given)) throw new Error('permissions is a list');
  return given.map((name) => {
    const permission =
      typeof name === 'string' ? /^rak_([a-z_]+_(?:read|write))$/.exec(name)?.[1] : undefined;
    if (permission === undefined)
      throw new Error(
        `the permission ${String(name)} does not read rak_<resource>_read or rak_<resource>_write`,
      );
    return permission;
  });
}

/** `sk_test_*****abcd`: what Stripe's messages show of a key. */
export function redact(key: string): string {
  const prefix = /^[a-z]+_(test|live)_/.exec(key)?.[0] ?? '';
  const tail = key.length - prefix.length > 8 ? key.slice(-4) : '';
  return `${prefix}${'*'.repeat(Math.max(3, key.length - prefix.length - tail.length))}${tail}`;
}

function hashOf(key: string): string {
  return createHash('sha256').update(key).digest('hex');
}
