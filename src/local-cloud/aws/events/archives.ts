import type { LocalCloud } from '../../kernel/cloud.js';
import { eventPattern } from './pattern/index.js';
import type { ArchivedEvent, ArchiveRecord, BusRecord, EventEnvelope, EventsTables } from './records.js';

const DAY = 86_400_000;
/** Retention is in days, so that looking once a minute is soon enough. */
const SWEEP_EVERY = 60_000;

/** Archives: events of a bus, kept for replays until their retention ends. */
export class Archives {
  private readonly counts = new Map<string, { events: number; bytes: number }>();
  private readonly swept = new Map<string, number>();

  constructor(
    private readonly cloud: LocalCloud,
    private readonly tables: EventsTables,
  ) {
    for (const kept of tables.archived.values()) this.count(kept.archiveArn, 1, kept.size);
  }

  keep(bus: BusRecord, event: EventEnvelope): void {
    for (const archive of this.tables.archives.values()) {
      if (archive.sourceArn !== bus.arn) continue;
      if (archive.pattern !== undefined && !eventPattern(archive.pattern)(event)) continue;
      const size = Buffer.byteLength(JSON.stringify(event));
      this.tables.archived.set(`${archive.arn}/${event.id}`, {
        archiveArn: archive.arn,
        at: this.cloud.clock.now(),
        size,
        event,
      });
      this.count(archive.arn, 1, size);
      this.sweep(archive);
    }
  }

  /** Events archived in `[from, to)`. */
  between(archive: ArchiveRecord, from: number, to: number): ArchivedEvent[] {
    this.sweep(archive, true);
    return this.of(archive.arn)
      .map(([, kept]) => kept)
      .filter((kept) => kept.at >= from && kept.at < to);
  }

  size(archive: ArchiveRecord): { events: number; bytes: number } {
    this.sweep(archive, true);
    return this.counts.get(archive.arn) ?? { events: 0, bytes: 0 };
  }

  remove(archive: ArchiveRecord): void {
    for (const [key] of this.of(archive.arn)) this.tables.archived.delete(key);
    this.counts.delete(archive.arn);
    this.tables.archives.delete(archive.arn);
  }

  private sweep(archive: ArchiveRecord, now = false): void {
    if (archive.retentionDays === 0) return;
    const time = this.cloud.clock.now();
    if (!now && time - (this.swept.get(archive.arn) ?? 0) < SWEEP_EVERY) return;
    this.swept.set(archive.arn, time);
    for (const [key, kept] of this.of(archive.arn)) {
      if (kept.at > time - archive.retentionDays * DAY) continue;
      this.tables.archived.delete(key);
      this.count(archive.arn, -1, -kept.size);
    }
  }

  private of(arn: string): [string, ArchivedEvent][] {
    return this.tables.archived.entries().filter(([, kept]) => kept.archiveArn === arn);
  }

  private count(arn: string, events: number, bytes: number): void {
    const counts = this.counts.get(arn) ?? { events: 0, bytes: 0 };
    this.counts.set(arn, { events: counts.events + events, bytes: counts.bytes + bytes });
  }
}
