import type { Call, Operation } from '../../kernel/service.js';
import { type CodeInput, takeCode } from './code.js';
import {
  type ConfigurationInput,
  checkConfiguration,
  loggingConfig,
  toConfiguration,
} from './configuration.js';
import { conflict, invalidMember, invalidParameter, unsupported } from './errors.js';
import type { CodeRecord, FunctionRecord } from './function-record.js';
import { checkName, functionArn, referencedArn } from './function-reference.js';
import { checkDeadLetterTarget, checkRole, requireAction } from './role.js';
import { checkRuntime } from './runtimes.js';
import type { LambdaState } from './state.js';

interface CreateFunctionInput extends ConfigurationInput {
  Code?: CodeInput;
  PackageType?: string;
  Publish?: boolean;
  Architectures?: string[];
  Tags?: Record<string, string>;
}

const UNSUPPORTED = [
  'CodeSigningConfigArn',
  'TenancyConfig',
  'CapacityProviderConfig',
  'DurableConfig',
] as const;

export function createFunction(state: LambdaState): Operation<CreateFunctionInput> {
  return {
    resource: (input, call) => referencedArn(input.FunctionName, call.region),
    handle: async (input, call) => {
      const name = checkName(
        String(input.FunctionName ?? '')
          .split(':')
          .at(-1),
      );
      const arn = functionArn(call.region, name);
      check(input, call);
      if (state.functions.has(arn)) throw conflict(`Function already exist: ${name}`);
      const role = checkRole(call, input.Role);
      const tags = input.Tags ?? {};
      if (Object.keys(tags).length > 0) requireAction(call, 'lambda:TagResource', arn);
      const deadLetterTarget = input.DeadLetterConfig?.TargetArn || undefined;
      if (deadLetterTarget !== undefined) checkDeadLetterTarget(call.cloud, { role, name }, deadLetterTarget);
      const code = await takeCode(input.Code, call);
      // Reading the object took a while, in which another call may have taken the name.
      if (state.functions.has(arn)) throw conflict(`Function already exist: ${name}`);
      const record = state.deploy(
        newRecord({ input, call, name, arn, role, code, tags, deadLetterTarget }),
        'create',
      );
      call.cloud.tell('lambda', `function ${name} created`);
      return toConfiguration(record, state.variables(record));
    },
  };
}

function check(input: CreateFunctionInput, call: Call): void {
  checkConfiguration(input, call.operation);
  for (const member of UNSUPPORTED)
    if ((input as unknown as Record<string, unknown>)[member] !== undefined)
      throw unsupported(call.operation, member);
  if (input.Publish === true) throw unsupported(call.operation, 'Publish');
  if ((input.PackageType ?? 'Zip') !== 'Zip')
    throw unsupported(call.operation, `PackageType ${input.PackageType}`);
  if (input.Runtime === undefined || input.Handler === undefined)
    throw invalidParameter(
      'Runtime and Handler are mandatory parameters for functions created with deployment packages.',
    );
  checkRuntime(input.Runtime, call.cloud.clock.now(), 'create');
  const architectures = input.Architectures ?? ['x86_64'];
  if (architectures.length !== 1 || !['x86_64', 'arm64'].includes(architectures[0] as string))
    throw invalidMember(
      'architectures',
      `[${architectures.join(', ')}]`,
      'Member must satisfy enum value set: [x86_64, arm64]',
    );
}

function newRecord(made: {
  input: CreateFunctionInput;
  call: Call;
  name: string;
  arn: string;
  role: string;
  code: CodeRecord;
  tags: Record<string, string>;
  deadLetterTarget: string | undefined;
}): FunctionRecord {
  const { input, call, name, arn, role, code, tags, deadLetterTarget } = made;
  return {
    arn,
    name,
    region: call.region,
    role,
    runtime: input.Runtime as string,
    handler: input.Handler as string,
    description: input.Description ?? '',
    timeout: input.Timeout ?? 3,
    memorySize: input.MemorySize ?? 128,
    ephemeralStorage: input.EphemeralStorage?.Size ?? 512,
    architectures: input.Architectures ?? ['x86_64'],
    ...environmentOf(call, input),
    ...(deadLetterTarget !== undefined && { deadLetterTargetArn: deadLetterTarget }),
    tracingMode: (input.TracingConfig?.Mode ?? 'PassThrough') as FunctionRecord['tracingMode'],
    ...vpcOf(input),
    ...(input.KMSKeyArn !== undefined && { kmsKeyArn: input.KMSKeyArn }),
    logging: loggingConfig(name, input.LoggingConfig),
    code,
    tags,
    deploymentId: '',
    revisionId: '',
    lastModified: 0,
    state: 'Pending',
    lastUpdateStatus: 'Successful',
  };
}

/** The sealed environment, when the input states one that is not empty. */
export function environmentOf(call: Call, input: ConfigurationInput): Pick<FunctionRecord, 'environment'> {
  const variables = input.Environment?.Variables ?? {};
  if (Object.keys(variables).length === 0) return {};
  return { environment: call.cloud.store.seal(JSON.stringify(variables)) };
}

/** The VPC settings, when the input states any. */
export function vpcOf(input: ConfigurationInput): Pick<FunctionRecord, 'vpcConfig'> {
  const SubnetIds = input.VpcConfig?.SubnetIds ?? [];
  if (SubnetIds.length === 0) return {};
  return { vpcConfig: { SubnetIds, SecurityGroupIds: input.VpcConfig?.SecurityGroupIds ?? [] } };
}
