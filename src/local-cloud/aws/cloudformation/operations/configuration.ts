import type { Call } from '../../../kernel/service.js';
import { checkValues } from '../engine/check-values.js';
import { readParameter } from '../engine/resolve-properties.js';
import { insufficientCapabilities, notSupported, validationError } from '../errors.js';
import { flag, list, type QueryInput, records, tagRecord, text, texts } from '../input.js';
import type { Configuration } from '../state/records.js';
import type { State } from '../state/state.js';
import { missingCapabilities } from '../template/capabilities.js';
import type { Template } from '../template/model.js';
import { type GivenParameter, parameterTexts } from '../template/parameters.js';
import { readTemplate } from '../template/structure.js';
import { validateTemplate } from '../template/validate.js';
import { submittedTemplate } from './submitted-template.js';

/** Reads and checks what a call asks a stack to become. Throws `ValidationError`, `InsufficientCapabilitiesException`. */
export async function submittedConfiguration(
  state: State,
  input: QueryInput,
  call: Call,
  stack: { id: string; name: string },
  previous: Configuration | undefined,
): Promise<Configuration> {
  refuseUnsupported(input);
  const body = await submittedTemplate(state, input, call, previous);
  const template = readTemplate(body);
  validateTemplate(state.cloud, template);
  const previousTexts = previous ? state.parameterTexts(previous) : {};
  const given = givenParameters(input);
  const values = parameterTexts(template, given, previousTexts);
  const capabilities = texts(input, 'Capabilities');
  const missing = missingCapabilities(template, capabilities);
  if (missing.length > 0) throw insufficientCapabilities(missing);
  const roleArn = text(input, 'RoleARN') ?? previous?.roleArn;
  const configuration: Configuration = {
    template: state.cloud.store.putBlob(Buffer.from(body)),
    parameters: state.seal(values),
    resolvedParameters: await resolveParameterTypes(state, call, template, values),
    tags: input.Tags === undefined && previous ? previous.tags : tagRecord(input),
    capabilities,
    notificationArns: texts(input, 'NotificationARNs'),
    ...(roleArn === undefined ? {} : { roleArn }),
  };
  checkValues(state, { ...stack, region: call.region }, configuration);
  return configuration;
}

function givenParameters(input: QueryInput): GivenParameter[] {
  return records(input, 'Parameters').map((item) => {
    const usePrevious = item.UsePreviousValue === 'true';
    const value = item.ParameterValue;
    if (usePrevious && value !== undefined && value !== '')
      throw validationError(
        `Invalid input for parameter key ${item.ParameterKey}. Cannot specify usePreviousValue as true and non empty value for a parameter at the same time`,
      );
    return {
      key: item.ParameterKey ?? '',
      usePrevious,
      ...(usePrevious || value === undefined ? {} : { value }),
    };
  });
}

/** SSM types are read now; types that name things of services the local cloud does not have cannot be satisfied. */
async function resolveParameterTypes(
  state: State,
  call: Call,
  template: Template,
  values: Record<string, string>,
): Promise<Record<string, string>> {
  const resolved: Record<string, string> = {};
  for (const [key, { type }] of Object.entries(template.parameters)) {
    const value = values[key] ?? '';
    if (type.startsWith('AWS::SSM::Parameter::')) {
      const found = await readParameter(state, call.region, value, call.principal);
      if (!found)
        throw validationError(
          `Parameters: [${value}] referenced by template cannot be found: Unable to fetch parameters [${value}] from parameter store for this account.`,
        );
      if (found.type === 'SecureString' && type !== 'AWS::SSM::Parameter::Name')
        throw validationError(
          `Parameters [${value}] referenced by template have types not supported by CloudFormation.`,
        );
      if (type !== 'AWS::SSM::Parameter::Name') resolved[key] = found.value;
    } else if (/AWS::/.test(type))
      throw validationError(
        `Parameter validation failed: parameter value ${value} for parameter name ${key} does not exist`,
      );
  }
  return resolved;
}

function refuseUnsupported(input: QueryInput): void {
  if (list(input, 'ResourcesToImport').length > 0) throw notSupported('ResourcesToImport');
  if (list(input, 'ResourceTypes').length > 0) throw notSupported('ResourceTypes');
  if (flag(input, 'ImportExistingResources')) throw notSupported('ImportExistingResources');
  const rollback = input.RollbackConfiguration;
  if (
    typeof rollback === 'object' &&
    rollback !== null &&
    list(rollback as QueryInput, 'RollbackTriggers').length > 0
  )
    throw notSupported('RollbackConfiguration with RollbackTriggers');
  if (text(input, 'StackPolicyBody') ?? text(input, 'StackPolicyURL')) throw notSupported('stack policies');
}
