import type { LocalCloud } from '../../kernel/cloud.js';
import { REGIONS } from '../../kernel/cloud.js';
import { busNotFound, ruleNotFound } from './errors.js';
import { busArn, DEFAULT_BUS, ruleArn } from './names.js';
import type { BusRecord, EventsTables, RuleRecord } from './records.js';

/** Event buses and their rules. */
export class Buses {
  constructor(
    readonly cloud: LocalCloud,
    readonly tables: EventsTables,
  ) {}

  /** Every region has a default bus from the start. */
  createDefaults(): void {
    const now = this.cloud.clock.now();
    for (const region of REGIONS) {
      const arn = busArn(region, DEFAULT_BUS);
      if (!this.tables.buses.has(arn))
        this.tables.buses.set(arn, {
          arn,
          region,
          name: DEFAULT_BUS,
          tags: {},
          createdAt: now,
          modifiedAt: now,
        });
    }
  }

  find(region: string, name: string): BusRecord | undefined {
    return this.tables.buses.get(busArn(region, name));
  }

  get(region: string, name: string): BusRecord {
    const bus = this.find(region, name);
    if (!bus) throw busNotFound(name);
    return bus;
  }

  update(bus: BusRecord, change: Partial<BusRecord>): BusRecord {
    return this.tables.buses.set(bus.arn, { ...bus, ...change, modifiedAt: this.cloud.clock.now() });
  }

  all(region: string): BusRecord[] {
    return sorted(this.tables.buses.values().filter((bus) => bus.region === region));
  }

  rules(region: string, bus: string): RuleRecord[] {
    return sorted(this.tables.rules.values().filter((rule) => rule.region === region && rule.bus === bus));
  }

  findRule(region: string, bus: string, name: string): RuleRecord | undefined {
    return this.tables.rules.get(ruleArn(region, bus, name));
  }

  getRule(region: string, bus: string, name: string): RuleRecord {
    this.get(region, bus);
    const rule = this.findRule(region, bus, name);
    if (!rule) throw ruleNotFound(name, bus);
    return rule;
  }
}

function sorted<T extends { name: string }>(records: T[]): T[] {
  return records.sort((a, b) => (a.name < b.name ? -1 : 1));
}
