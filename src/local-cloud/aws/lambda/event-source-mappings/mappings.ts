import type { LocalCloud } from '../../../kernel/cloud.js';
import type { Table } from '../../../kernel/store.js';
import { notFound } from '../errors.js';
import type { Invoker } from '../invoker.js';
import type { LambdaState } from '../state.js';
import type { MappingRecord } from './mapping-record.js';
import { Poller } from './poller.js';

/** How long AWS takes to change a mapping's state; simulated milliseconds. */
const TRANSITION = 5000;

/** All event source mappings and their pollers. */
export class Mappings {
  readonly table: Table<MappingRecord>;
  private readonly pollers = new Map<string, Poller>();

  constructor(
    private readonly state: LambdaState,
    private readonly invoker: Invoker,
  ) {
    this.table = state.cloud.store.table('lambda.eventSourceMappings');
  }

  /** Throws `ResourceNotFoundException`. */
  find(uuid: string, region: string): MappingRecord {
    const record = this.table.get(uuid);
    if (!record || record.region !== region) throw notFound('The resource you requested does not exist.');
    return record;
  }

  start(): void {
    for (const record of this.table.values()) {
      if (record.state === 'Enabled') this.poll(record);
      else if (record.state !== 'Disabled') this.settleLater(record);
    }
  }

  stop(): void {
    for (const poller of this.pollers.values()) poller.stop();
    this.pollers.clear();
  }

  /** Starts a change of state; it takes a while. A disabling mapping reads no more at once. */
  change(record: MappingRecord): MappingRecord {
    const changed = this.table.set(record.uuid, { ...record, lastModified: this.cloud.clock.now() });
    if (changed.wanted !== 'Enabled') this.stopPoller(changed.uuid);
    this.settleLater(changed);
    return changed;
  }

  private settleLater(record: MappingRecord): void {
    this.cloud.clock.after(TRANSITION, () => {
      const current = this.table.get(record.uuid);
      if (!current || current.lastModified !== record.lastModified) return;
      if (current.wanted === 'Deleted') this.table.delete(record.uuid);
      else {
        const settled = this.table.set(record.uuid, { ...current, state: current.wanted });
        if (settled.state === 'Enabled') this.poll(settled);
      }
      this.cloud.tell('lambda', `event source mapping ${record.uuid} ${current.wanted.toLowerCase()}`);
      this.cloud.store.flush();
    });
  }

  private poll({ uuid, queueArn }: MappingRecord): void {
    this.stopPoller(uuid);
    const note = (lastProcessingResult: string) => {
      const record = this.table.get(uuid);
      if (record && record.lastProcessingResult !== lastProcessingResult)
        this.table.set(uuid, { ...record, lastProcessingResult });
    };
    this.pollers.set(uuid, new Poller(this.state, this.invoker, () => this.table.get(uuid), queueArn, note));
  }

  private stopPoller(uuid: string): void {
    this.pollers.get(uuid)?.stop();
    this.pollers.delete(uuid);
  }

  private get cloud(): LocalCloud {
    return this.state.cloud;
  }
}
