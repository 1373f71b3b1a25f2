import type { ApiMethod } from '../aws/api-gateway.js';
import { functionNameOf, invokedFunction, isSamePlace } from '../aws/arn.js';
import type { StackResource } from '../aws/cloudformation.js';
import { undefinedIfUnavailable } from '../core/errors.js';
import type { Ambiguity, PathApi, PathFunction } from './payment-path.js';
import { idsOf } from './stack-resources.js';
import type { World } from './world.js';

export interface DiscoveredWebhook {
  api?: PathApi;
  handler?: PathFunction;
  /** What the wiring does not decide. */
  unclear: Ambiguity[];
}

interface Candidate {
  apiId: string;
  path: string;
  functionArn: string;
}

/** The stack's REST API that Stripe calls, and the function behind it: by what its methods integrate, and Stripe's URLs. */
export async function discoverWebhook(
  world: World,
  resources: readonly StackResource[],
): Promise<DiscoveredWebhook> {
  const apiIds = idsOf(resources, 'AWS::ApiGateway::RestApi');
  const [methods, called] = await Promise.all([
    Promise.all(apiIds.map(async (apiId) => ({ apiId, methods: await world.apiGateway.listMethods(apiId) }))),
    stripesUrls(world, apiIds),
  ]);
  const candidates = methods.flatMap(({ apiId, methods }) =>
    methods.flatMap((method) => candidateOf(apiId, method)),
  );
  // What Stripe really calls decides; else the path says what it is for.
  const reached = candidates.flatMap((candidate) => {
    const url = called.find((one) => one.apiId === candidate.apiId && covers(candidate.path, one.path));
    return url ? [{ ...candidate, path: url.path }] : [];
  });
  const named = candidates.filter(({ path }) => /stripe/i.test(path));
  const chosen = reached.length > 0 ? mostExact(reached) : unambiguous(named);
  const [only, ...others] = chosen;
  if (!only) return { unclear: [] };
  if (others.length > 0)
    return {
      unclear: [
        unclear(
          `Several paths could be Stripe's webhook: ${listed(chosen)}. None is called by an endpoint on Stripe.`,
        ),
      ],
    };
  const handler = await handlerOf(world, only);
  const stage = await stageOf(world, resources, only.apiId, called);
  if (stage.name === undefined) return { ...handler, unclear: stage.unclear };
  return { ...handler, api: { id: only.apiId, stage: stage.name, path: only.path }, unclear: [] };
}

/** A function of another account or region is no part of the path; a check of the API says where it leads. */
async function handlerOf(world: World, { functionArn }: Candidate): Promise<{ handler?: PathFunction }> {
  const { account } = await world.sts.callerIdentity();
  if (!isSamePlace(functionArn, `arn:aws:lambda:${world.settings.region}:${account}:function`)) return {};
  const name = functionNameOf(functionArn) ?? functionArn;
  return { handler: { role: 'webhook', name, arn: functionArn } };
}

const unclear = (text: string): Ambiguity => ({ about: 'webhook', text });

const listed = (candidates: readonly Candidate[]) =>
  candidates
    .map(({ apiId, path }) => `${path} of API ${apiId}`)
    .sort()
    .join(', ');

function candidateOf(apiId: string, method: ApiMethod): Candidate[] {
  if (method.httpMethod !== 'POST' && method.httpMethod !== 'ANY') return [];
  const functionArn = invokedFunction(method.integrationUri);
  return functionArn ? [{ apiId, path: method.path, functionArn }] : [];
}

/** Where Stripe's endpoints point, of those that call one of these APIs. */
async function stripesUrls(world: World, apiIds: readonly string[]) {
  if (apiIds.length === 0) return [];
  const endpoints = (await undefinedIfUnavailable(listEndpoints(world))) ?? [];
  return endpoints
    .filter((endpoint) => endpoint.enabled)
    .map((endpoint) => world.apiOfUrl(endpoint.url))
    .filter(
      (called) =>
        called !== undefined &&
        apiIds.includes(called.apiId) &&
        // The same id may be another API's in another region.
        (called.region === null || called.region === world.settings.region),
    ) as {
    apiId: string;
    stage: string;
    path: string;
  }[];
}

/** Async, so that a missing key is a rejection like any other. */
async function listEndpoints(world: World) {
  return world.stripe.webhookEndpoints.list();
}

/** Whether a resource path (`/webhooks/{provider}`, `/{proxy+}`) answers at a path. */
export function covers(resource: string, path: string): boolean {
  const pattern = resource
    .split('/')
    .map((part) =>
      /^\{.*\+\}$/.test(part)
        ? '.+'
        : /^\{.*\}$/.test(part)
          ? '[^/]+'
          : part.replace(/[.*+?^${}()|[\]\\]/g, '\\$&'),
    )
    .join('/');
  return new RegExp(`^${pattern}$`).test(path);
}

/** API Gateway itself prefers a path without placeholders, and so do we: it is the one that answers. */
function mostExact(candidates: readonly Candidate[]): Candidate[] {
  const functions = new Set(candidates.map((candidate) => candidate.functionArn));
  return functions.size === 1 ? candidates.slice(0, 1) : [...candidates];
}

/** Paths that speak of Stripe; of several, those that speak of a webhook. */
function unambiguous(candidates: readonly Candidate[]): Candidate[] {
  const webhooks = candidates.filter(({ path }) => /webhook|hook|event/i.test(path));
  return webhooks.length > 0 ? webhooks : [...candidates];
}

async function stageOf(
  world: World,
  resources: readonly StackResource[],
  apiId: string,
  called: readonly { apiId: string; stage: string }[],
): Promise<{ name?: string; unclear: Ambiguity[] }> {
  const used = called.find((one) => one.apiId === apiId)?.stage;
  if (used !== undefined) return { name: used, unclear: [] };
  const declared = idsOf(resources, 'AWS::ApiGateway::Stage');
  const there = (await world.apiGateway.listStages(apiId)).map((stage) => stage.name);
  // SAM makes a stage named Stage besides the one that was asked for.
  const stages = there.filter((name) => declared.includes(name));
  const [name, ...others] = stages.length > 0 ? stages : there;
  if (name !== undefined && others.length === 0) return { name, unclear: [] };
  return {
    unclear: [
      unclear(
        name === undefined
          ? `API ${apiId} has no stage.`
          : `API ${apiId} has several stages: ${[name, ...others].join(', ')}. None is called by an endpoint on Stripe.`,
      ),
    ],
  };
}
