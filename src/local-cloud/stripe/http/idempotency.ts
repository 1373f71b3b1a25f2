import { createHash } from 'node:crypto';
import type { Side } from '../side.js';
import { invalidRequest, StripeError } from './errors.js';

/** What was answered under a key. The body may hold a signing secret, so it is kept sealed. */
interface Stored {
  fingerprint: string;
  path: string;
  status: number;
  sealedBody: string;
  requestId: string;
  /** Milliseconds since the epoch. */
  created: number;
}

export interface Outcome {
  status: number;
  body: object;
  headers: Record<string, string>;
}

const DAY_MS = 24 * 60 * 60 * 1000;
const KEPT_MS = { v1: DAY_MS, v2: 30 * DAY_MS };
const LONGEST_KEY = 255;

/** One request under one idempotency key. */
export interface Keyed {
  api: 'v1' | 'v2';
  key: string;
  livemode: boolean;
  method: string;
  path: string;
  params: unknown;
}

/**
 * Stripe's two idempotency rules. v1: the first outcome, also a failure, is answered again for 24 hours. v2: a success
 * is not done again for 30 days, a failure is.
 */
export class Idempotency {
  private readonly running = new Set<string>();

  constructor(private readonly side: Side) {}

  /** Refuses a key that another request is using right now; call `leave` when the answer is known. */
  enter(request: Keyed): () => void {
    if (request.key.length > LONGEST_KEY)
      throw invalidRequest(
        `Idempotency keys can be at most ${LONGEST_KEY} characters long; this one has ${request.key.length}.`,
      );
    const name = nameOf(request);
    if (this.running.has(name))
      throw new StripeError(
        409,
        { type: 'idempotency_error', code: 'idempotency_key_in_use' },
        `There is currently another in-progress request using this Idempotent Key (that probably means you submitted twice, and the other request is still going through): ${request.key}. Please try again later.`,
        { 'stripe-should-retry': 'true' },
      );
    this.running.add(name);
    return () => this.running.delete(name);
  }

  /** The first outcome under this key. Throws when the key was used for something else. */
  recall(request: Keyed): Outcome | undefined {
    const stored = this.table.get(nameOf(request));
    if (!stored || stored.created + KEPT_MS[request.api] <= this.side.cloud.clock.now()) return undefined;
    if (stored.fingerprint !== fingerprint(request)) throw mismatch(request, stored.path);
    const body = JSON.parse(this.side.cloud.store.unseal(stored.sealedBody)) as object;
    return {
      status: stored.status,
      body,
      headers: { 'idempotent-replayed': 'true', 'original-request': stored.requestId },
    };
  }

  remember(request: Keyed, outcome: Outcome, requestId: string): void {
    if (request.api === 'v2' && outcome.status >= 300) return;
    this.table.set(nameOf(request), {
      fingerprint: fingerprint(request),
      path: request.path,
      status: outcome.status,
      sealedBody: this.side.cloud.store.seal(JSON.stringify(outcome.body)),
      requestId,
      created: this.side.cloud.clock.now(),
    });
  }

  /** Drops what no request can be answered with any more. */
  prune(): void {
    const now = this.side.cloud.clock.now();
    for (const [name, stored] of this.table.entries())
      if (stored.created + KEPT_MS[name.startsWith('v1 ') ? 'v1' : 'v2'] <= now) this.table.delete(name);
  }

  private get table() {
    return this.side.cloud.store.table<Stored>('stripe.idempotency', { onDisk: true });
  }
}

function nameOf(request: Keyed): string {
  return `${request.api} ${request.livemode ? 'live' : 'test'} ${request.key}`;
}

function fingerprint(request: Keyed): string {
  return createHash('sha256')
    .update(`${request.method} ${request.path} ${canonical(request.params)}`)
    .digest('hex');
}

function canonical(value: unknown): string {
  if (Array.isArray(value)) return `[${value.map(canonical).join(',')}]`;
  if (typeof value !== 'object' || value === null) return JSON.stringify(value) ?? 'null';
  const entries = Object.entries(value).sort(([a], [b]) => (a < b ? -1 : 1));
  return `{${entries.map(([key, inner]) => `${JSON.stringify(key)}:${canonical(inner)}`).join(',')}}`;
}

function mismatch(request: Keyed, usedFor: string): StripeError {
  const message =
    usedFor === request.path
      ? `Keys for idempotent requests can only be used with the same parameters they were first used with. Try using a key other than '${request.key}' if you meant to execute a different request.`
      : `Keys for idempotent requests can only be used for the same endpoint they were first used for ('${request.path}' vs '${usedFor}'). Try using a key other than '${request.key}' if you meant to execute a different request.`;
  // v2 answers 409, which clients would take for a lock and retry if they were not told otherwise.
  return new StripeError(request.api === 'v2' ? 409 : 400, { type: 'idempotency_error' }, message, {
    'stripe-should-retry': 'false',
  });
}
