import type { LocalCloud } from '../../kernel/cloud.js';
import type { ServiceFactory } from '../../kernel/service.js';
import { Archives } from './archives.js';
import { Buses } from './buses.js';
import { Deliveries } from './delivery/deliveries.js';
import { Senders } from './delivery/senders.js';
import { Ingest } from './ingest.js';
import { archiveOperations } from './operations/archives.js';
import { busOperations } from './operations/buses.js';
import { partnerOperations } from './operations/partner-calls.js';
import { permissionOperations } from './operations/permissions.js';
import { putEventsOperations } from './operations/put-events.js';
import { replayOperations } from './operations/replays.js';
import { ruleOperations } from './operations/rules.js';
import { sourceOperations } from './operations/sources.js';
import { tagOperations } from './operations/tags.js';
import { targetOperations } from './operations/targets.js';
import { testPatternOperations } from './operations/test-pattern.js';
import { PartnerSources } from './partner-sources.js';
import { eventsTables } from './records.js';
import { Replays } from './replays.js';
import { archiveType } from './resource-types/archive.js';
import { eventBusType } from './resource-types/event-bus.js';
import { eventBusPolicyType } from './resource-types/event-bus-policy.js';
import { ruleType } from './resource-types/rule.js';
import { serveUnkindness } from './unkindness.js';

/** Amazon EventBridge: partner sources, buses, rules, delivery, archives and replays. */
export const eventsService: ServiceFactory = (cloud: LocalCloud) => {
  const tables = eventsTables(cloud);
  const buses = new Buses(cloud, tables);
  const archives = new Archives(cloud, tables);
  const senders = new Senders(cloud, buses);
  const deliveries = new Deliveries(cloud, tables, senders);
  const ingest = new Ingest(cloud, buses, archives, deliveries);
  const sources = new PartnerSources(cloud, tables, buses, ingest);
  const replays = new Replays(cloud, tables, archives, buses, ingest);
  senders.ontoBus = (bus, event, options) => ingest.onto(bus, event, options);
  buses.createDefaults();
  cloud.provide('partnerEvents', sources.port());
  serveUnkindness(cloud, tables);
  return {
    name: 'events',
    protocol: 'json',
    jsonVersion: '1.1',
    targetPrefix: 'AWSEvents',
    operations: {
      ...sourceOperations(sources),
      ...partnerOperations(),
      ...busOperations(buses, sources),
      ...ruleOperations(buses),
      ...targetOperations(buses),
      ...putEventsOperations(buses, ingest),
      ...testPatternOperations(),
      ...permissionOperations(buses),
      ...tagOperations(tables),
      ...archiveOperations(buses, archives),
      ...replayOperations(tables, replays),
    },
    resourceTypes: {
      'AWS::Events::EventBus': eventBusType,
      'AWS::Events::Rule': ruleType,
      'AWS::Events::Archive': archiveType,
      'AWS::Events::EventBusPolicy': eventBusPolicyType,
    },
    start: () => {
      sources.start();
      deliveries.start();
      replays.start();
    },
  };
};
