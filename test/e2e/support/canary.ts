import fs from 'node:fs';
import path from 'node:path';
import {
  CloudFormationClient,
  DescribeStackEventsCommand,
  DescribeStacksCommand,
  GetTemplateCommand,
} from '@aws-sdk/client-cloudformation';
import {
  CloudWatchLogsClient,
  DescribeLogGroupsCommand,
  paginateFilterLogEvents,
} from '@aws-sdk/client-cloudwatch-logs';
import { GetFunctionConfigurationCommand, LambdaClient, ListFunctionsCommand } from '@aws-sdk/client-lambda';
import { GetParameterCommand, SSMClient } from '@aws-sdk/client-ssm';
import type { TestCloud } from '../../support/local-cloud.js';

/** Where something was written, and what. */
export interface Place {
  name: string;
  content: string;
}

/** A secret by the name under which a failing test speaks of it. */
export type Secrets = Record<string, string>;

/** `where: which` for each secret that stands in a place, as it is or in an encoding that anyone can undo. */
export function sightings(places: readonly Place[], secrets: Secrets): string[] {
  return places.flatMap(({ name, content }) =>
    Object.entries(secrets)
      .filter(([, secret]) => formsOf(secret).some((form) => content.includes(form)))
      .map(([which]) => `${name}: ${which}`),
  );
}

/** As it is, in a URL, in JSON, in base64 and hex. */
function formsOf(secret: string): string[] {
  const bytes = Buffer.from(secret);
  return [
    secret,
    encodeURIComponent(secret),
    JSON.stringify(secret).slice(1, -1),
    bytes.toString('base64').replace(/=+$/, ''),
    bytes.toString('base64url'),
    bytes.toString('hex'),
  ];
}

/** What setup stored: the webhook's signing secret and the database's URL with its password. */
export async function storedSecrets(cloud: TestCloud): Promise<Secrets> {
  const ssm = new SSMClient(cloud.client);
  const value = async (name: string) =>
    (await ssm.send(new GetParameterCommand({ Name: name, WithDecryption: true }))).Parameter?.Value ?? '';
  const signing = /whsec_[A-Za-z0-9+/=]+/.exec(await value('/cachao/dev/stripe/webhook-secret'))?.[0];
  const database = await value('/cachao/dev/database');
  if (signing === undefined || database === '') throw new Error('setup stored no secrets to look for');
  return { 'webhook signing secret': signing.slice('whsec_'.length), 'database URL': database };
}

/** Every file below a directory, the hidden ones too, byte for byte. */
export function filesBelow(directory: string): Place[] {
  return fs
    .readdirSync(directory, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => {
      const file = path.join(entry.parentPath, entry.name);
      return {
        name: `file ${path.relative(directory, file)}`,
        content: fs.readFileSync(file).toString('utf8'),
      };
    });
}

/** Parameters, outputs, events and templates of every stack. */
export async function stacksOf(cloud: TestCloud): Promise<Place[]> {
  const client = new CloudFormationClient(cloud.client);
  const { Stacks = [] } = await client.send(new DescribeStacksCommand({}));
  const places = Stacks.map(async ({ StackName, ...stack }) => {
    const events = await client.send(new DescribeStackEventsCommand({ StackName }));
    const name = StackName ?? '?';
    const templates = (['Original', 'Processed'] as const).map(async (TemplateStage) => {
      const template = await client.send(new GetTemplateCommand({ StackName: name, TemplateStage }));
      return { name: `${TemplateStage} template of ${name}`, content: template.TemplateBody ?? '' };
    });
    return [
      { name: `stack ${name}`, content: JSON.stringify(stack) },
      { name: `events of stack ${name}`, content: JSON.stringify(events.StackEvents) },
      ...(await Promise.all(templates)),
    ];
  });
  return (await Promise.all(places)).flat();
}

/** Environment and everything else that is configured of every function. */
export async function functionsOf(cloud: TestCloud): Promise<Place[]> {
  const client = new LambdaClient(cloud.client);
  const { Functions = [] } = await client.send(new ListFunctionsCommand({}));
  return Promise.all(
    Functions.map(async ({ FunctionName }) => ({
      name: `function ${FunctionName}`,
      content: JSON.stringify(await client.send(new GetFunctionConfigurationCommand({ FunctionName }))),
    })),
  );
}

/** The lines of every log group. */
export async function logsOf(cloud: TestCloud): Promise<Place[]> {
  const client = new CloudWatchLogsClient(cloud.client);
  const { logGroups = [] } = await client.send(new DescribeLogGroupsCommand({}));
  const places = logGroups.map(async ({ logGroupName = '' }) => {
    const lines: string[] = [];
    for await (const page of paginateFilterLogEvents({ client }, { logGroupName }))
      lines.push(...(page.events ?? []).map((event) => event.message ?? ''));
    return { name: `log group ${logGroupName}`, content: lines.join('\n') };
  });
  return Promise.all(places);
}
