import type { ResourceType } from '../../kernel/resource-type.js';
import { AwsError, type Operation } from '../../kernel/service.js';
import type { Table } from '../../kernel/store.js';
import { invalidParameter } from './errors.js';

/** Keyed by `<region>/<name>`. What lets a service such as EventBridge write to log groups. */
interface LogResourcePolicy {
  region: string;
  policyName: string;
  policyDocument: string;
  lastUpdatedTime: number;
}

interface PolicyInput {
  policyName?: string;
  policyDocument?: string;
}

const MOST_PER_REGION = 10;

/** PutResourcePolicy, DescribeResourcePolicies, DeleteResourcePolicy. */
export function resourcePolicyOperations(table: Table<LogResourcePolicy>): Record<string, Operation> {
  const inRegion = (region: string) => table.values().filter((policy) => policy.region === region);
  const present = ({ region: _, ...policy }: LogResourcePolicy) => policy;
  return {
    PutResourcePolicy: {
      handle: (input: PolicyInput, call) => {
        const { policyName, policyDocument } = input;
        if (!policyName || !policyDocument)
          throw invalidParameter('policyName and policyDocument are required.');
        checkDocument(policyDocument);
        const key = `${call.region}/${policyName}`;
        if (!table.has(key) && inRegion(call.region).length >= MOST_PER_REGION)
          throw new AwsError('LimitExceededException', 'Resource limit exceeded.');
        const lastUpdatedTime = call.cloud.clock.now();
        const policy = table.set(key, { region: call.region, policyName, policyDocument, lastUpdatedTime });
        return { resourcePolicy: present(policy) };
      },
    },
    DescribeResourcePolicies: {
      handle: (_input: object, call) => ({ resourcePolicies: inRegion(call.region).map(present) }),
    },
    DeleteResourcePolicy: {
      handle: (input: PolicyInput, call) => {
        if (!table.delete(`${call.region}/${input.policyName}`))
          throw new AwsError(
            'ResourceNotFoundException',
            `Policy with name [${input.policyName}] does not exist.`,
          );
        return {};
      },
    },
  };
}

function checkDocument(text: string): void {
  try {
    const document = JSON.parse(text) as { Statement?: unknown };
    if (typeof document.Statement === 'object' && document.Statement !== null) return;
  } catch {
    // Told below, as for JSON that is no policy.
  }
  throw invalidParameter('The policy document is not valid: it has no Statement.');
}

/** `AWS::Logs::ResourcePolicy`. Ref is the policy's name. */
export const resourcePolicyType: ResourceType = {
  properties: ['PolicyName', 'PolicyDocument'],
  required: ['PolicyName', 'PolicyDocument'],
  createOnly: ['PolicyName'],
  create: (properties, context) => put(properties, context),
  update: (_physicalId, next, _previous, context) => put(next, context),
  async delete(policyName, _properties, context) {
    await context.call('logs', 'DeleteResourcePolicy', { policyName }).catch((error: unknown) => {
      if (!(error instanceof AwsError) || error.code !== 'ResourceNotFoundException') throw error;
    });
  },
  async read(policyName, properties, context) {
    const { resourcePolicies } = await context.call('logs', 'DescribeResourcePolicies', {});
    const found = (resourcePolicies as LogResourcePolicy[]).find(
      (policy) => policy.policyName === policyName,
    );
    if (!found) return undefined;
    const stated = properties.PolicyDocument;
    const live = typeof stated === 'string' ? found.policyDocument : JSON.parse(found.policyDocument);
    return { PolicyName: found.policyName, PolicyDocument: live };
  },
};

async function put(
  properties: Parameters<ResourceType['create']>[0],
  context: Parameters<ResourceType['create']>[1],
) {
  const document = properties.PolicyDocument;
  const policyDocument = typeof document === 'string' ? document : JSON.stringify(document);
  await context.call('logs', 'PutResourcePolicy', { policyName: properties.PolicyName, policyDocument });
  return { physicalId: String(properties.PolicyName), attributes: {} };
}
