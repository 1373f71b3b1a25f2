import type { LocalCloud } from '../../kernel/cloud.js';
import type { Archives } from './archives.js';
import type { Buses } from './buses.js';
import type { Deliveries } from './delivery/deliveries.js';
import { idOf } from './event-id.js';
import { countRule } from './metrics.js';
import { eventPattern } from './pattern/index.js';
import type { BusRecord, EventEnvelope } from './records.js';

export interface IngestOptions {
  /** A replay reaches only these rules; all of the bus when empty. */
  onlyRules?: string[];
  /** Buses that the event was forwarded over already. */
  hops?: number;
}

/** Events that come onto a bus: kept by its archives, matched by its rules, handed to delivery. */
export class Ingest {
  constructor(
    private readonly cloud: LocalCloud,
    private readonly buses: Buses,
    private readonly archives: Archives,
    private readonly deliveries: Deliveries,
  ) {}

  onto(bus: BusRecord, event: EventEnvelope, options: IngestOptions = {}): void {
    const name = `${idOf(event.detail)} ${event['detail-type']}`;
    // What is replayed was archived before; archiving it again would replay it twice.
    if (event['replay-name'] === undefined) this.archives.keep(bus, event);
    let matched = 0;
    for (const rule of this.buses.rules(bus.region, bus.name)) {
      if (rule.state === 'DISABLED' || rule.managedBy !== undefined) continue;
      if (options.onlyRules && options.onlyRules.length > 0 && !options.onlyRules.includes(rule.arn))
        continue;
      if (!eventPattern(rule.pattern)(event)) continue;
      matched += 1;
      const of = { region: bus.region, bus: bus.name, rule: rule.name };
      countRule(this.cloud, of, 'MatchedEvents');
      countRule(this.cloud, of, 'TriggeredRules');
      this.cloud.tell('events', `${name} matched rule ${rule.name} on ${bus.name}`);
      for (const target of rule.targets) this.deliveries.add(rule, target, event, options.hops ?? 0);
    }
    if (matched === 0) this.cloud.tell('events', `${name} matched no rule on ${bus.name}`);
  }
}
