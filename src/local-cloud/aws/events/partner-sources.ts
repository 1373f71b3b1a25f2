import { randomUUID } from 'node:crypto';
import type { LocalCloud } from '../../kernel/cloud.js';
import type { PartnerEventsPort } from '../../kernel/ports.js';
import type { Buses } from './buses.js';
import { idOf } from './event-id.js';
import type { Ingest } from './ingest.js';
import { countPartnerEvent } from './metrics.js';
import { sourceArn } from './names.js';
import type { EventsTables, SourceRecord } from './records.js';

/** A new source is not visible in the region at once. */
const APPEARS_AFTER = 30_000;
/** Stripe's documentation gives the customer seven days to make the bus. */
const EXPIRES_AFTER = 7 * 86_400_000;
/** DeactivateEventSource: a source that stays PENDING for two weeks is deleted. */
const DEACTIVATED_EXPIRES_AFTER = 14 * 86_400_000;

export type SourceState = 'PENDING' | 'ACTIVE' | 'DELETED';

/** Partner event sources: what a partner made in this account, and what becomes of it. */
export class PartnerSources {
  private readonly listeners: ((arn: string) => void)[] = [];

  constructor(
    private readonly cloud: LocalCloud,
    private readonly tables: EventsTables,
    private readonly buses: Buses,
    private readonly ingest: Ingest,
  ) {}

  /** Takes up again what had not happened yet when the cloud stopped. */
  start(): void {
    for (const source of this.tables.sources.values()) {
      if (!source.appeared) this.awaitAppearance(source);
      this.awaitExpiry(source);
    }
  }

  port(): PartnerEventsPort {
    return {
      createSource: (region, account, name) => this.create(region, account, name),
      deleteSource: (arn) => this.delete(arn),
      sourceStatus: (arn) => {
        const source = this.tables.sources.get(arn);
        if (!source || this.expired(source)) return 'gone';
        return this.state(source).toLowerCase() as 'pending' | 'active' | 'deleted';
      },
      putEvent: (arn, event) => this.put(arn, event),
      onChange: (listener) => void this.listeners.push(listener),
    };
  }

  /** Sources that the account can see in the region. */
  visible(region: string): SourceRecord[] {
    return this.tables.sources
      .values()
      .filter((source) => source.region === region && source.appeared && !this.expired(source))
      .sort((a, b) => (a.name < b.name ? -1 : 1));
  }

  find(region: string, name: string): SourceRecord | undefined {
    const source = this.tables.sources.get(sourceArn(region, name));
    return source?.appeared && !this.expired(source) ? source : undefined;
  }

  state(source: SourceRecord): SourceState {
    if (source.deleted) return 'DELETED';
    return this.hasBus(source) && !source.deactivated ? 'ACTIVE' : 'PENDING';
  }

  setDeactivated(source: SourceRecord, deactivated: boolean): void {
    const expiresAt = this.cloud.clock.now() + DEACTIVATED_EXPIRES_AFTER;
    const next = this.tables.sources.set(source.arn, {
      ...source,
      deactivated,
      ...(deactivated ? { expiresAt } : {}),
    });
    this.awaitExpiry(next);
    this.tell(source.arn);
  }

  /** Its bus came or went. Without a bus a live source waits for one again, and a deleted one is gone. */
  busChanged(region: string, name: string): void {
    const source = this.tables.sources.get(sourceArn(region, name));
    if (!source) return;
    if (!this.hasBus(source)) {
      if (source.deleted) this.tables.sources.delete(source.arn);
      else {
        const expiresAt = this.cloud.clock.now() + EXPIRES_AFTER;
        this.awaitExpiry(this.tables.sources.set(source.arn, { ...source, deactivated: false, expiresAt }));
      }
    }
    this.tell(source.arn);
  }

  private create(region: string, account: string, name: string): string {
    const now = this.cloud.clock.now();
    const arn = sourceArn(region, name);
    const source: SourceRecord = {
      arn,
      region,
      account,
      name,
      createdAt: now,
      appeared: false,
      appearsAt: now + APPEARS_AFTER,
      expiresAt: now + EXPIRES_AFTER,
      deactivated: false,
      deleted: false,
    };
    this.tables.sources.set(arn, source);
    this.awaitAppearance(source);
    this.awaitExpiry(source);
    return arn;
  }

  private delete(arn: string): void {
    const source = this.tables.sources.get(arn);
    if (!source) return;
    if (this.hasBus(source)) this.tables.sources.set(arn, { ...source, deleted: true });
    else this.tables.sources.delete(arn);
    this.cloud.tell('events', `event source ${source.name} was deleted by the partner`);
    this.tell(arn);
  }

  private put(arn: string, event: { detailType: string; detail: unknown; time: number }): void {
    const source = this.tables.sources.get(arn);
    if (!source || this.expired(source) || source.deleted) return;
    countPartnerEvent(this.cloud, source.region, source.name);
    if (this.state(source) !== 'ACTIVE') {
      this.cloud.tell(
        'events',
        `${idOf(event.detail)} ${event.detailType} dropped: event source ${source.name} is PENDING`,
      );
      return;
    }
    this.ingest.onto(this.buses.get(source.region, source.name), {
      version: '0',
      id: randomUUID(),
      'detail-type': event.detailType,
      source: source.name,
      account: source.account,
      time: `${new Date(event.time).toISOString().slice(0, 19)}Z`,
      region: source.region,
      resources: [arn],
      detail: event.detail,
    });
  }

  private hasBus(source: SourceRecord): boolean {
    return this.buses.find(source.region, source.name) !== undefined;
  }

  private expired(source: SourceRecord): boolean {
    return this.state(source) === 'PENDING' && this.cloud.clock.now() >= source.expiresAt;
  }

  private awaitAppearance(source: SourceRecord): void {
    this.cloud.clock.after(Math.max(0, source.appearsAt - this.cloud.clock.now()), () => {
      const current = this.tables.sources.get(source.arn);
      if (!current || current.appeared) return;
      this.tables.sources.set(source.arn, { ...current, appeared: true });
      this.cloud.store.flush();
      this.cloud.tell('events', `event source ${source.name} appeared in ${source.region}, PENDING`);
    });
  }

  private awaitExpiry(source: SourceRecord): void {
    this.cloud.clock.at(source.expiresAt, () => {
      const current = this.tables.sources.get(source.arn);
      if (!current || !this.expired(current)) return;
      this.tables.sources.delete(source.arn);
      this.cloud.store.flush();
      this.cloud.tell('events', `event source ${source.name} expired: no event bus was made for it`);
      this.tell(source.arn);
    });
  }

  private tell(arn: string): void {
    for (const listener of this.listeners) listener(arn);
  }
}
