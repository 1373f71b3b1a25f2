import type { Clock } from '../../../kernel/clock.js';

interface Bucket {
  tokens: number;
  filledAt: number;
}

/** Token buckets, one per key, filled at `rate` tokens a second up to `burst`. */
export class Throttle {
  private readonly buckets = new Map<string, Bucket>();

  constructor(private readonly clock: Clock) {}

  /** Takes a token; false when there is none. */
  admits(key: string, rate: number, burst: number): boolean {
    const now = this.clock.now();
    const bucket = this.buckets.get(key) ?? { tokens: burst, filledAt: now };
    const tokens = Math.min(burst, bucket.tokens + ((now - bucket.filledAt) / 1000) * rate);
    const admitted = tokens >= 1;
    this.buckets.set(key, { tokens: admitted ? tokens - 1 : tokens, filledAt: now });
    return admitted;
  }
}
