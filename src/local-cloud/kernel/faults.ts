import { isRead } from './service.js';

/** One rule of unkindness. The first rule that matches and fires wins; `latency` adds to whatever follows. */
export interface Fault {
  /** Credential-scope name, `stripe`, or `*`. */
  service: string;
  /** Operation name (`PutRule`, for Stripe `POST /v1/webhook_endpoints`), `*`, `reads` or `writes`. */
  operation: string;
  kind:
    | 'latency'
    | 'throttle'
    | 'error'
    | 'error-after'
    | 'reset'
    | 'reset-after'
    | 'hang'
    | 'hang-after'
    | 'deny'
    | 'kill'
    | 'kill-after';
  /** Fires on matching calls after this many have passed (0: from the first). */
  after?: number;
  /** How often it fires; unlimited unless given. */
  times?: number;
  /** Fires with this probability, 0 to 1; always unless given. */
  rate?: number;
  /** Makes `rate` fall the same way on every run: the n-th matching call always meets the fault, or never does. */
  seed?: number;
  /** For `latency`. */
  milliseconds?: number;
  /** For `kill`: the client process. */
  pid?: number;
  /** For `error`: status and code instead of 500 InternalFailure. */
  status?: number;
  code?: string;
}

/** A call as it was made. */
export interface RecordedCall {
  service: string;
  operation: string;
  /** As JSON. */
  input: string;
  /** The principal's ARN, a Stripe key's name, or null for what the clouds do of themselves. */
  caller: string | null;
}

/** Faults in force, and how many calls each has seen. Set through `PUT /_cachao/faults`. */
export class Faults {
  private rules: { fault: Fault; seen: number; fired: number; random: () => number }[] = [];
  /** Every call of the run, in order: tests count them. Bounded by `calls.length` being reset with `PUT /_cachao/calls`. */
  calls: RecordedCall[] = [];
  recording = false;

  set(faults: Fault[]): void {
    this.rules = faults.map((fault) => ({
      fault,
      seen: 0,
      fired: 0,
      random: fault.seed === undefined ? Math.random : seeded(fault.seed),
    }));
  }

  list(): (Fault & { seen: number; fired: number })[] {
    return this.rules.map(({ fault, seen, fired }) => ({ ...fault, seen, fired }));
  }

  /** The faults that this call meets, in the order in which they apply. */
  draw(service: string, operation: string, input: unknown, caller: string | null = null): Fault[] {
    if (this.recording) this.calls.push({ service, operation, input: JSON.stringify(input) ?? '', caller });
    const drawn: Fault[] = [];
    for (const rule of this.rules) {
      if (!matches(rule.fault, service, operation)) continue;
      rule.seen += 1;
      if (rule.seen <= (rule.fault.after ?? 0)) continue;
      if (rule.fired >= (rule.fault.times ?? Number.POSITIVE_INFINITY)) continue;
      if (rule.fault.rate !== undefined && rule.random() >= rule.fault.rate) continue;
      rule.fired += 1;
      drawn.push(rule.fault);
      if (rule.fault.kind !== 'latency') break;
    }
    return drawn;
  }
}

/** Numbers from 0 to 1 that follow from the seed alone (mulberry32). */
function seeded(seed: number): () => number {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
}

function matches(fault: Fault, service: string, operation: string): boolean {
  if (fault.service !== '*' && fault.service !== service) return false;
  if (fault.operation === '*') return true;
  const read = operation.includes(' ') ? operation.startsWith('GET ') : isRead(operation);
  if (fault.operation === 'reads') return read;
  if (fault.operation === 'writes') return !read;
  return fault.operation === operation;
}
