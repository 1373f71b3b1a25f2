import { setTimeout as sleep } from 'node:timers/promises';
import type { StripeEnvelope } from '../../handlers/contract/envelope.js';
import type { StripeEvent } from '../../handlers/contract/stripe-event.js';
import { CachaoError } from '../core/errors.js';
import { type Delivery, deliver } from './delivery.js';
import { isMeant, needsJudgement } from './filter.js';
import type { Run } from './run.js';
import { handlerFor } from './targets.js';
import { type Judgement, judge, type RefusalCode } from './trust.js';
import type { DeadMessage } from './types.js';

/** Beside the SDK's own attempts: a throttled function has not seen the event, so trying again is no second delivery. */
const THROTTLED_ATTEMPTS = 3;
const THROTTLED_BASE_MS = 500;

/** Takes messages one after the other, decides whether they may be delivered, delivers them, and says how it went. */
export class DeliveryWorker {
  /** Deliveries under way, by event. */
  readonly #underWay = new Map<string, Promise<void>>();

  constructor(private readonly run: Run) {}

  /** Until there are no more. */
  async work(): Promise<void> {
    const { run } = this;
    for (;;) {
      const dead = await run.buffer.take();
      if (!dead) return;
      await run.pace.enter();
      try {
        if (run.stopping) await this.#giveBack(dead, 'untried');
        else await this.#treat(dead);
      } catch (error) {
        run.broke(error);
        await this.#giveBack(dead, 'untried');
      } finally {
        run.pace.leave();
      }
    }
  }

  async #treat(dead: DeadMessage): Promise<void> {
    const { run } = this;
    const { filter } = run.options;
    const isCounted = !needsJudgement(dead, filter);
    if (!isCounted && run.wanted <= 0) return this.#giveBack(dead, 'passed-over');
    let judgement: Judgement;
    try {
      judgement = await judge(dead, run.targets.own, (id) => this.#askStripe(id));
    } catch (error) {
      if (!(error instanceof CachaoError)) throw error;
      return this.#fail(dead, error.code, error.message);
    }
    const refusal = judgement.kind === 'refuse' ? judgement.code : null;
    if (!isMeant(dead, filter, refusal) || !(isCounted || run.count()))
      return this.#giveBack(dead, 'passed-over');
    if (judgement.kind === 'refuse') return this.#refuse(dead, judgement.code, judgement.why);
    await this.#deliverOnce(dead, judgement.envelope);
  }

  /** An event that stands in two messages is delivered for one of them; the other waits until that one has ended. */
  async #deliverOnce(dead: DeadMessage, envelope: StripeEnvelope): Promise<void> {
    const { id } = envelope.detail;
    while (this.#underWay.has(id)) await this.#underWay.get(id);
    if (this.run.delivered.has(id)) return this.#finish(dead, 'repeated', {});
    // Taken out before anybody who waits goes on, or they would wait for what has ended, for ever.
    const ended = this.#deliver(dead, envelope).finally(() => this.#underWay.delete(id));
    this.#underWay.set(
      id,
      ended.catch(() => undefined),
    );
    await ended;
  }

  async #deliver(dead: DeadMessage, envelope: StripeEnvelope): Promise<void> {
    const delivery = await this.#attempt(dead, envelope);
    if (!delivery.ok) return this.#fail(dead, delivery.code, delivery.message);
    this.run.delivered.add(envelope.detail.id);
    this.run.succeeded();
    this.#finish(dead, 'processed', { outcome: delivery.outcome });
  }

  async #attempt(dead: DeadMessage, envelope: StripeEnvelope): Promise<Delivery> {
    const { bench, pace, targets } = this.run;
    const handler = handlerFor(targets, dead);
    if (!handler)
      return {
        ok: false,
        code: 'HANDLER_UNKNOWN',
        message:
          'The path has several handlers, and the message does not say which of them should have taken it.',
        throttled: false,
      };
    for (let attempt = 1; ; attempt++) {
      const delivery = await deliver(bench.world, handler.arn, envelope);
      if (delivery.ok || !delivery.throttled) return delivery;
      pace.throttled();
      if (attempt >= THROTTLED_ATTEMPTS || this.run.stopping) return delivery;
      const wait = THROTTLED_BASE_MS * 2 ** (attempt - 1) * (0.5 + Math.random() / 2);
      await sleep(wait, undefined, { signal: bench.signal }).catch(() => undefined);
    }
  }

  /** Confirmed: out of the queue it goes, while the next is delivered. */
  #finish(dead: DeadMessage, fate: 'processed' | 'repeated', details: { outcome?: string | null }): void {
    const { run } = this;
    const { message } = dead;
    run.finished.add(message.messageId);
    run.later(async () => {
      const gone = await run.remove(dead);
      if (gone) run.processed(dead, fate, details);
      else {
        run.undeleted(dead);
        await run.release(dead);
      }
      run.dismiss(dead);
    });
  }

  async #fail(dead: DeadMessage, code: string, message: string): Promise<void> {
    this.run.failed(code, message);
    await this.#giveBack(dead, 'failed', code, message);
  }

  /** Never delivered: into a file and out of the queue, where that was asked for. */
  async #refuse(dead: DeadMessage, code: RefusalCode, why: string): Promise<void> {
    const { quarantine } = this.run.options;
    if (!quarantine) return this.#giveBack(dead, 'unusable', code, why);
    const file = await quarantine.keep(dead, code, why);
    if (!(await this.run.remove(dead))) return this.#giveBack(dead, 'unusable', code, why);
    this.run.finished.add(dead.message.messageId);
    this.run.tally.end(dead, 'quarantined', { code, message: why, file });
    this.run.dismiss(dead);
  }

  async #giveBack(
    dead: DeadMessage,
    fate: 'failed' | 'unusable' | 'untried' | 'passed-over',
    code?: string,
    message?: string,
  ): Promise<void> {
    const { run } = this;
    run.left.add(dead.message.messageId);
    run.tally.end(dead, fate, code === undefined ? {} : { code, message: message ?? '' });
    await run.release(dead);
    run.dismiss(dead);
  }

  /** Events are not kept: a run over many must not grow with them. */
  async #askStripe(eventId: string): Promise<StripeEvent | undefined> {
    const { events } = this.run.bench.world.stripe;
    try {
      return await events.retrieve(eventId);
    } finally {
      events.forget('retrieve');
    }
  }
}
