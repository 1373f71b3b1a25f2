import { setTimeout as sleep } from 'node:timers/promises';
import type Stripe from 'stripe';
import { logCall } from '../core/call-log.js';
import { CachaoError } from '../core/errors.js';
import { EXIT } from '../core/exit-code.js';
import { Pending } from '../core/pending.js';
import { proxyAgent } from '../core/proxy-agent.js';
import { mask } from '../core/secret.js';
import { explain, isRateLimited } from './errors.js';
import { type KeyShape, readKeyShape } from './key.js';

/** Stripe's SDK never retries a 429 (FACTS-STRIPE §1.3), and a sandbox allows 25 requests a second. */
const RATE_LIMIT_ATTEMPTS = 7;
const RATE_LIMIT_BASE_MS = 250;
const TIMEOUT_MS = 20_000;

/** A Stripe account as one key sees it. Imports the SDK at the first call. */
export class StripeSession {
  readonly shape: KeyShape;
  readonly maskedKey: string;
  /** Calls without an answer. */
  readonly pending = new Pending();
  private client: Promise<Stripe> | undefined;
  private readonly key: string;

  /** @param base another Stripe than api.stripe.com, `http://127.0.0.1:12111`. Throws STRIPE_KEY_SHAPE, STRIPE_API_BASE_INVALID. */
  constructor(
    key: string,
    readonly base: string | undefined,
    private readonly version: string,
  ) {
    this.key = key.trim();
    this.shape = readKeyShape(this.key);
    this.maskedKey = mask(this.key);
    if (base !== undefined && !URL.canParse(base)) throw invalidBase(base);
  }

  /** Makes a call, named for messages (`POST /v1/webhook_endpoints`); backs off when rate-limited; explains errors. */
  async call<T>(name: string, make: (stripe: Stripe) => Promise<T>): Promise<T> {
    this.client ??= this.connect();
    const stripe = await this.client;
    for (let attempt = 1; ; attempt++) {
      try {
        return await this.pending.during(name, () => make(stripe));
      } catch (error) {
        if (!isRateLimited(error) || attempt >= RATE_LIMIT_ATTEMPTS)
          throw explain(error, name, this.maskedKey);
        await sleep(RATE_LIMIT_BASE_MS * 2 ** (attempt - 1) * (0.5 + Math.random()));
      }
    }
  }

  private async connect(): Promise<Stripe> {
    const { default: StripeSdk } = await import('stripe');
    const agent = proxyAgent(process.env);
    const other = this.base ? new URL(this.base) : undefined;
    const stripe = new StripeSdk(this.key, {
      ...(other
        ? {
            host: other.hostname,
            port: other.port || (other.protocol === 'http:' ? '80' : '443'),
            protocol: other.protocol === 'http:' ? ('http' as const) : ('https' as const),
          }
        : {}),
      ...(agent && other?.protocol !== 'http:' ? { httpAgent: agent } : {}),
      telemetry: false,
      maxNetworkRetries: 3,
      timeout: TIMEOUT_MS,
      appInfo: { name: 'cachao', version: this.version },
    });
    // What was asked for in a query may name customers.
    stripe.on('response', ({ method, path, status, elapsed, request_id }: Stripe.ResponseEvent) =>
      logCall({
        service: 'stripe',
        operation: `${method} ${path.split('?')[0]}`,
        status,
        durationMs: elapsed,
        requestId: request_id ?? null,
      }),
    );
    return stripe;
  }
}

function invalidBase(base: string): CachaoError {
  return new CachaoError({
    code: 'STRIPE_API_BASE_INVALID',
    message: `STRIPE_API_BASE is "${base}", which is not a URL.`,
    next: ['Set it to a URL such as http://127.0.0.1:12111, or unset it to talk to Stripe.'],
    exitCode: EXIT.usage,
  });
}
