import { createHash, randomInt, randomUUID } from 'node:crypto';
import { ACCOUNT } from '../../../kernel/cloud.js';
import type { ResourceContext } from '../../../kernel/resource-type.js';
import { isRead, type Principal } from '../../../kernel/service.js';
import type { Attempt, Configuration, Stack, StackResource } from '../state/records.js';
import type { State } from '../state/state.js';

const LETTERS = 'ABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789';

export function newAttempt(kind: Attempt['kind']): Attempt {
  const nameSuffix = Array.from({ length: 12 }, () => LETTERS[randomInt(LETTERS.length)]).join('');
  return { kind, nameSuffix, requestToken: randomUUID(), calls: [] };
}

/** Who a stack's calls are made by: its service role when it has one, else whoever asked. */
export function actingPrincipal(configuration: Configuration, caller: Principal): Principal {
  if (configuration.roleArn === undefined) return caller;
  const role = configuration.roleArn.split('/').at(-1) as string;
  return {
    kind: 'role',
    arn: `arn:aws:sts::${ACCOUNT}:assumed-role/${role}/AWSCloudFormation`,
    roleArn: configuration.roleArn,
  };
}

export function resourceTags(
  stack: Stack,
  logicalId: string,
  tags: Record<string, string>,
): Record<string, string> {
  return {
    ...tags,
    'aws:cloudformation:stack-name': stack.name,
    'aws:cloudformation:stack-id': stack.id,
    'aws:cloudformation:logical-id': logicalId,
  };
}

/**
 * What a resource type acts through. Writes are remembered in the resource's attempt as they are made, so that an
 * attempt that a killed process left unfinished goes on where it stood instead of making everything twice.
 */
export function contextFor(
  state: State,
  stack: Stack,
  resource: StackResource,
  tags: Record<string, string>,
  principal: Principal,
): ResourceContext {
  const remembered = (resource.attempt?.calls ?? []).map((sealed) => state.open(sealed) as RememberedCall);
  return {
    region: stack.region,
    account: ACCOUNT,
    stackName: stack.name,
    stackId: stack.id,
    logicalId: resource.logicalId,
    tags: resourceTags(stack, resource.logicalId, tags),
    principal,
    generatedName: (maximumLength) =>
      `${readablePart(stack.name, resource.logicalId, maximumLength - 13)}-${resource.attempt?.nameSuffix}`,
    call: async (service, operation, input) => {
      const make = () => state.cloud.call(service, operation, input, { principal, region: stack.region });
      if (isRead(operation)) return await make();
      const signature = signatureOf(service, operation, input);
      const known = remembered.findIndex((call) => call.signature === signature);
      if (known >= 0) return remembered.splice(known, 1)[0]?.output;
      const output = await make();
      remember(state, resource, { signature, output });
      return output;
    },
  };
}

/** Stack and logical id share the room: each is cut to its half, unless the other leaves it more. */
function readablePart(stack: string, logicalId: string, length: number): string {
  const room = length - 1;
  const half = Math.floor(room / 2);
  const forStack = Math.max(half, room - logicalId.length);
  const cut = stack.slice(0, forStack);
  return `${cut}-${logicalId.slice(0, room - cut.length)}`;
}

interface RememberedCall {
  signature: string;
  output: unknown;
}

function signatureOf(service: string, operation: string, input: object): string {
  return createHash('sha256')
    .update(`${service} ${operation} ${JSON.stringify(input)}`)
    .digest('base64');
}

function remember(state: State, resource: StackResource, call: RememberedCall): void {
  const current = state.resource(resource.stackId, resource.logicalId);
  if (!current?.attempt) return;
  const calls = [...current.attempt.calls, state.seal(call)];
  state.putResource({ ...current, attempt: { ...current.attempt, calls } });
}
