import {
  type ChangeSetSummary,
  CloudFormationClient,
  DescribeStacksCommand,
  ListChangeSetsCommand,
} from '@aws-sdk/client-cloudformation';
import {
  EventBridgeClient,
  ListEventBusesCommand,
  ListEventSourcesCommand,
} from '@aws-sdk/client-eventbridge';
import { ListBucketsCommand, S3Client } from '@aws-sdk/client-s3';
import { GetParameterCommand, SSMClient } from '@aws-sdk/client-ssm';
import Stripe from 'stripe';
import type { TestCloud } from '../../support/local-cloud.js';

/** What a set-up world consists of, without the ids that differ from run to run. */
export async function worldOf(cloud: TestCloud) {
  const events = new EventBridgeClient(cloud.client);
  const cloudformation = new CloudFormationClient(cloud.client);
  const stripe = stripeOf(cloud);
  const [buses, sources, stacks, changeSets, buckets, endpoints, destinations] = await Promise.all([
    events.send(new ListEventBusesCommand({ NamePrefix: 'aws.partner/' })),
    events.send(new ListEventSourcesCommand({})),
    cloudformation.send(new DescribeStacksCommand({})),
    changeSetsOf(cloudformation, 'cachao-dev'),
    new S3Client({ ...cloud.client, forcePathStyle: true }).send(new ListBucketsCommand({})),
    stripe.webhookEndpoints.list({ limit: 100 }),
    stripe.v2.core.eventDestinations.list({ limit: 100 }),
  ]);
  const secret = await parameter(cloud, '/cachao/dev/stripe/webhook-secret');
  return {
    buses: buses.EventBuses?.length,
    sources: sources.EventSources?.map((source) => source.State),
    busesBearTheirSource:
      buses.EventBuses?.map((bus) => bus.Name).join() ===
      sources.EventSources?.map((source) => source.Name).join(),
    stacks: stacks.Stacks?.map((stack) => [stack.StackName, stack.StackStatus]),
    openChangeSets: changeSets.filter((summary) => summary.ExecutionStatus === 'AVAILABLE').length,
    buckets: buckets.Buckets?.map((bucket) => bucket.Name),
    endpoints: endpoints.data.map((endpoint) => [endpoint.status, endpoint.enabled_events.length]),
    secretNamesItsEndpoint: secret?.description.includes(endpoints.data[0]?.id ?? '?'),
    destinations: destinations.data
      .filter((one) => one.type === 'amazon_eventbridge')
      .map((one) => one.status),
    database: (await parameter(cloud, '/cachao/dev/database'))?.type,
  };
}

/** None where there is no such stack. */
async function changeSetsOf(client: CloudFormationClient, StackName: string): Promise<ChangeSetSummary[]> {
  const answer = await client.send(new ListChangeSetsCommand({ StackName })).catch((error) => {
    if (/does not exist/.test(error.message)) return undefined;
    throw error;
  });
  return answer?.Summaries ?? [];
}

export function stripeOf(cloud: TestCloud, key = cloud.environment.STRIPE_API_KEY as string): Stripe {
  const { hostname: host, port } = new URL(cloud.stripe);
  return new Stripe(key, { host, port, protocol: 'http' });
}

async function parameter(
  cloud: TestCloud,
  name: string,
): Promise<{ type: string | undefined; description: string } | undefined> {
  const { DescribeParametersCommand } = await import('@aws-sdk/client-ssm');
  const client = new SSMClient(cloud.client);
  const found = await client.send(new GetParameterCommand({ Name: name })).catch(() => undefined);
  const described = await client.send(
    new DescribeParametersCommand({ ParameterFilters: [{ Key: 'Name', Values: [name] }] }),
  );
  return found && { type: found.Parameter?.Type, description: described.Parameters?.[0]?.Description ?? '' };
}
