import { randomUUID } from 'node:crypto';
import type { LocalCloud } from '../../kernel/cloud.js';
import type { Table } from '../../kernel/store.js';
import { functionNotFound } from './errors.js';
import type {
  AccountRecord,
  EventInvokeConfigRecord,
  FunctionRecord,
  PolicyRecord,
} from './function-record.js';
import { parseReference } from './function-reference.js';

const DEFAULT_CONCURRENCY = 1000;
/** How long AWS takes to make a new function active, or to apply an update; milliseconds. */
const CREATION_TIME = 2000;
const UPDATE_TIME = 1000;

/** What Lambda remembers, apart from queued events and event source mappings. */
export class LambdaState {
  readonly functions: Table<FunctionRecord>;
  readonly policies: Table<PolicyRecord>;
  readonly eventInvokeConfigs: Table<EventInvokeConfigRecord>;
  private readonly accounts: Table<AccountRecord>;
  private readonly settled = new Set<(record: FunctionRecord) => void>();

  constructor(readonly cloud: LocalCloud) {
    this.functions = cloud.store.table('lambda.functions');
    this.policies = cloud.store.table('lambda.policies');
    this.eventInvokeConfigs = cloud.store.table('lambda.eventInvokeConfigs');
    this.accounts = cloud.store.table('lambda.accounts');
  }

  /** Throws `ResourceNotFoundException`. */
  find(reference: unknown, region: string, qualifier?: string): FunctionRecord {
    const arn = parseReference(reference, region, qualifier);
    const record = this.functions.get(arn);
    if (!record) throw functionNotFound(qualifier === undefined ? arn : `${arn}:${qualifier}`);
    return record;
  }

  inRegion(region: string): FunctionRecord[] {
    return this.functions
      .values()
      .filter((record) => record.region === region)
      .sort((a, b) => (a.name < b.name ? -1 : 1));
  }

  accountConcurrency(region: string): number {
    return this.accounts.get(region)?.concurrentExecutions ?? DEFAULT_CONCURRENCY;
  }

  reservedTotal(region: string, except?: string): number {
    return this.inRegion(region)
      .filter((record) => record.arn !== except)
      .reduce((sum, record) => sum + (record.reservedConcurrency ?? 0), 0);
  }

  variables(record: FunctionRecord): Record<string, string> {
    if (record.environment === undefined) return {};
    return JSON.parse(this.cloud.store.unseal(record.environment)) as Record<string, string>;
  }

  /** Writes a change that execution environments need not notice. */
  save(record: FunctionRecord): FunctionRecord {
    return this.functions.set(record.arn, { ...record, revisionId: randomUUID() });
  }

  /** Writes new code or configuration: new environments, and a while until AWS calls it done. */
  deploy(record: FunctionRecord, how: 'create' | 'update'): FunctionRecord {
    const deployed: FunctionRecord = {
      ...record,
      deploymentId: randomUUID(),
      revisionId: randomUUID(),
      lastModified: this.cloud.clock.now(),
      ...(how === 'create' ? { state: 'Pending' as const } : { lastUpdateStatus: 'InProgress' as const }),
    };
    this.functions.set(record.arn, deployed);
    this.settleLater(deployed);
    return deployed;
  }

  /** Runs when a function becomes active or finishes an update. */
  onSettled(listener: (record: FunctionRecord) => void): void {
    this.settled.add(listener);
  }

  start(): void {
    for (const record of this.functions.values())
      if (record.state === 'Pending' || record.lastUpdateStatus === 'InProgress') this.settleLater(record);
  }

  private settleLater(record: FunctionRecord): void {
    const time = record.state === 'Pending' ? CREATION_TIME : UPDATE_TIME;
    this.cloud.clock.after(time, () => {
      const current = this.functions.get(record.arn);
      if (current?.deploymentId !== record.deploymentId) return;
      const settled = this.functions.set(record.arn, {
        ...current,
        state: 'Active',
        lastUpdateStatus: 'Successful',
      });
      for (const listener of this.settled) listener(settled);
      this.cloud.store.flush();
    });
  }
}
