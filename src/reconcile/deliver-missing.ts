import { type EnvelopePlace, envelopeOf } from '../../handlers/contract/envelope.js';
import type { StripeEvent } from '../../handlers/contract/stripe-event.js';
import { AdaptiveLimiter } from '../replay/adaptive-limiter.js';
import { CircuitBreaker } from '../replay/circuit-breaker.js';
import { type Delivery, deliver } from '../replay/delivery.js';
import type { Journal } from '../replay/journal.js';
import { backOff, THROTTLED_ATTEMPTS } from '../world/ask-function.js';
import { awaitedPayments } from '../world/comparison/awaited.js';
import { classifiedEvents, orderIdOf } from '../world/comparison/events.js';
import { stageFacts } from '../world/comparison/facts.js';
import type { ComparisonWindow } from '../world/comparison/types.js';
import { functionOf, paymentPath } from '../world/payment-path.js';
import type { World } from '../world/world.js';
import { envelopePlace } from './envelope.js';
import { type Applied, type Included, isDelivered } from './types.js';

/** As many refusals as can be told one by one. */
const MOST_REFUSALS = 50;

export interface DeliverOptions extends Included {
  concurrency: number;
  /** Deliveries a second; null: as fast as it goes. */
  rate: number | null;
  journal: Journal;
  progress(done: number): void;
}

/**
 * Delivers to the event handler what the ledger does not have, as if it had arrived; and events whose payment was awaited
 * and has come since, with their session of now. What is missing is looked up
 * again batch by batch, so that what arrives meanwhile is not delivered once more; the handler takes it once anyway.
 * Stops where told to, or when the handler itself is broken; what was begun is finished. What came of it is kept in
 * `applied` as it happens.
 */
export async function deliverMissing(
  world: World,
  window: ComparisonWindow,
  options: DeliverOptions,
  applied: Applied,
  signal: AbortSignal,
): Promise<void> {
  const delivery = new DeliveryRun(world, options, applied, signal);
  const [facts] = await Promise.all([stageFacts(world), delivery.prepare()]);
  for await (const batch of classifiedEvents(world, window, facts)) {
    await delivery.deliverAll(
      batch.filter(({ classified }) => isDelivered(classified.class, options)).map(({ event }) => event),
    );
    if (delivery.isOver) return;
  }
  // Last: what was missing may have paid some of them.
  const awaited = await awaitedPayments(world, window, new Set());
  await delivery.deliverAll(awaited.found.map(({ event }) => event).filter((event) => event !== null));
}

export function noneYet(journal: string): Applied {
  return { delivered: 0, outcomes: {}, refused: 0, refusals: [], untried: 0, stopped: null, journal };
}

class DeliveryRun {
  readonly #pace: AdaptiveLimiter;
  readonly #brake = new CircuitBreaker();
  /** What broke the run itself: the journal's disk is full, say. */
  #broke: unknown;
  #place: EnvelopePlace | undefined;
  #handler = '';

  constructor(
    private readonly world: World,
    private readonly options: DeliverOptions,
    private readonly applied: Applied,
    private readonly signal: AbortSignal,
  ) {
    this.#pace = new AdaptiveLimiter(options.concurrency, options.rate, signal);
  }

  async prepare(): Promise<void> {
    const [path, place] = await Promise.all([paymentPath(this.world), envelopePlace(this.world)]);
    this.#place = place;
    this.#handler = (path && functionOf(path, 'event')?.arn) ?? '';
  }

  get isOver(): boolean {
    if (this.signal.aborted) this.applied.stopped ??= 'interrupted';
    return this.applied.stopped !== null || this.#broke !== undefined;
  }

  /** Oldest first, as they would have come. */
  async deliverAll(events: StripeEvent[]): Promise<void> {
    await Promise.all(events.reverse().map((event) => this.#deliver(event)));
    if (this.#broke !== undefined) throw this.#broke;
  }

  async #deliver(event: StripeEvent): Promise<void> {
    await this.#pace.enter();
    try {
      if (this.isOver) {
        this.applied.untried += 1;
        return;
      }
      this.#settle(event, await this.#insist(event));
    } catch (error) {
      this.#broke ??= error;
    } finally {
      this.#pace.leave();
    }
  }

  async #insist(event: StripeEvent): Promise<Delivery> {
    if (!this.#place) throw new Error('the run was not prepared');
    const envelope = envelopeOf(event, this.#place, 'reconcile');
    for (let attempt = 1; ; attempt++) {
      const result = await deliver(this.world, this.#handler, envelope);
      if (result.ok || !result.throttled || attempt >= THROTTLED_ATTEMPTS || this.isOver) return result;
      this.#pace.throttled();
      await backOff(attempt);
    }
  }

  #settle(event: StripeEvent, result: Delivery): void {
    const { applied, options } = this;
    const ids = { eventId: event.id, eventType: event.type, orderId: orderIdOf(event) };
    if (result.ok) {
      this.#pace.succeeded();
      this.#brake.succeeded();
      const outcome = result.outcome ?? 'delivered';
      applied.delivered += 1;
      applied.outcomes[outcome] = (applied.outcomes[outcome] ?? 0) + 1;
      options.journal.write({ ...ids, fate: 'processed', outcome });
    } else {
      const { code, message } = result;
      applied.refused += 1;
      if (applied.refusals.length < MOST_REFUSALS)
        applied.refusals.push({ eventId: ids.eventId, orderId: ids.orderId, code, message });
      options.journal.write({ ...ids, fate: 'failed', code, message });
      applied.stopped ??= this.#brake.failed(code, message);
    }
    options.progress(applied.delivered + applied.refused);
  }
}
