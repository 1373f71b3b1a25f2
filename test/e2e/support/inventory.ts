import { createConnection } from 'mysql2/promise';
import type { TestCloud } from '../../support/local-cloud.js';

/** Tables of the local cloud's state in which things stand, as against what they did. */
const THINGS = [
  ...['iam.roles', 'iam.policies', 'ssm.parameters', 's3.buckets', 's3.objects'],
  ...['logs.groups', 'logs.streams', 'logs.events', 'monitoring.alarms', 'sqs.queues', 'sqs.messages'],
  ...['sns.topics', 'sns.subscriptions', 'apigateway.restApis', 'apigateway.resources'],
  ...['apigateway.deployments', 'apigateway.stages', 'lambda.functions', 'lambda.policies'],
  ...['lambda.eventInvokeConfigs', 'lambda.eventSourceMappings', 'events.sources', 'events.buses'],
  ...['events.rules', 'events.archives', 'cloudformation.changeSets', 'stripe.webhook_endpoints'],
  'stripe.event_destinations',
];

/** Everything that stands in both clouds, record by record. Deleted stacks are history. */
export function inventory(cloud: TestCloud): Record<string, [string, unknown][]> {
  const entries = (name: string) => [...cloud.cloud.store.table<unknown>(name).entries()];
  const stacks = entries('cloudformation.stacks').filter(
    ([, stack]) => (stack as { status: string }).status !== 'DELETE_COMPLETE',
  );
  return { ...Object.fromEntries(THINGS.map((name) => [name, entries(name)])), stacks };
}

/** The tables of the orders database. */
export function tablesOf(cloud: TestCloud): Promise<string[]> {
  return column(
    cloud,
    'SELECT TABLE_NAME AS value FROM information_schema.TABLES WHERE TABLE_SCHEMA = DATABASE()',
  );
}

/** Ids of the events that the webhook brought, as the ledger has them. */
export function webhookArrivals(cloud: TestCloud): Promise<string[]> {
  return column(cloud, "SELECT event_id AS value FROM stripe_event_arrivals WHERE via = 'webhook'");
}

async function column(cloud: TestCloud, sql: string): Promise<string[]> {
  const { hostname: host, port, username: user, pathname } = new URL(cloud.database.url);
  const connection = await createConnection({
    host,
    port: Number(port),
    user,
    password: cloud.database.password,
    database: pathname.slice(1),
  });
  try {
    const [rows] = await connection.query(sql);
    return (rows as { value: string }[]).map(({ value }) => value).sort();
  } finally {
    await connection.end();
  }
}
