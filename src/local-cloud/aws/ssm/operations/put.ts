import { AwsError, type Call, type Operation } from '../../../kernel/service.js';
import { constraint, invalid } from '../errors.js';
import { validateName } from '../name.js';
import {
  currentVersion,
  type Parameter,
  type Parameters,
  type ParameterType,
  parameterArn,
  type Tag,
  type Tier,
  type Version,
} from '../state.js';
import { validateTags } from './tags.js';
import { chooseTier, validateValue } from './validate-value.js';

export interface PutParameterInput {
  Name: string;
  Value: string;
  Type?: ParameterType;
  Description?: string;
  KeyId?: string;
  Overwrite?: boolean;
  AllowedPattern?: string;
  Tags?: Tag[];
  Tier?: Tier | 'Intelligent-Tiering';
  Policies?: string;
  DataType?: string;
}

const VERSIONS_KEPT = 100;
const TYPES: readonly string[] = ['String', 'StringList', 'SecureString'];

export function putParameter(parameters: Parameters): Operation<PutParameterInput> {
  return {
    resource: (input, call) => parameterArn(call.region, call.account, String(input.Name)),
    conditions: (input) => ({
      'ssm:Overwrite': String(input.Overwrite ?? false),
      ...Object.fromEntries((input.Tags ?? []).map(({ Key, Value }) => [`aws:RequestTag/${Key}`, Value])),
    }),
    handle(input, call) {
      const name = validateName(input.Name, call.region, call.account);
      refuseContradictions(input);
      const existing = parameters.find(call.region, name);
      if (existing) refuseOverwriting(existing, input);
      const type = existing?.type ?? input.Type;
      if (type === undefined) throw invalid('A parameter type is required when you create a parameter.');
      const previous = existing && currentVersion(existing);
      const tier = chooseTier(input, previous?.tier);
      const allowedPattern = input.AllowedPattern ?? previous?.allowedPattern;
      validateValue(type, input, tier, allowedPattern);
      const description = input.Description ?? previous?.description;
      const version: Version = {
        number: (previous?.number ?? 0) + 1,
        value: parameters.stored(type, input.Value),
        labels: [],
        ...(description === undefined ? {} : { description }),
        ...(allowedPattern ? { allowedPattern } : {}),
        tier,
        modified: call.cloud.clock.now(),
        modifiedBy: writer(call),
      };
      const tags = existing?.tags ?? validateTags(input.Tags ?? []);
      const versions = [...(existing ? withRoom(existing) : []), version];
      parameters.save({ name, region: call.region, type, tags, versions });
      return { Version: version.number, Tier: tier };
    },
  };
}

function refuseContradictions(input: PutParameterInput): void {
  if (input.Type !== undefined && !TYPES.includes(input.Type))
    throw constraint('type', input.Type, `satisfy enum value set: [SecureString, StringList, String]`);
  if (input.Overwrite && input.Tags && input.Tags.length > 0)
    throw invalid(
      "Invalid request: tags and overwrite can't be used together. To create a parameter with tags, please remove overwrite flag. To update tags for an existing parameter, please use AddTagsToResource or RemoveTagsFromResource.",
    );
  if (input.KeyId !== undefined && input.Type !== 'SecureString')
    throw invalid('KeyId is required for SecureString type parameter only.');
  if (input.KeyId !== undefined && input.KeyId !== 'alias/aws/ssm')
    throw new AwsError(
      'InvalidKeyId',
      `The local cloud has no KMS: it cannot encrypt with ${input.KeyId}, only with alias/aws/ssm.`,
    );
  if (input.Policies !== undefined)
    throw invalid('The local cloud does not support parameter policies (Policies).');
  if (input.DataType !== undefined && input.DataType !== 'text')
    throw invalid(`The local cloud supports the data type text, not ${input.DataType}.`);
}

function refuseOverwriting(existing: Parameter, input: PutParameterInput): void {
  if (!input.Overwrite)
    throw new AwsError(
      'ParameterAlreadyExists',
      'The parameter already exists. To overwrite this value, set the overwrite option in the request to true.',
    );
  if (input.Type !== undefined && input.Type !== existing.type)
    throw new AwsError(
      'HierarchyTypeMismatchException',
      `Parameter Store doesn't support changing a parameter type in a hierarchy. ${existing.name} is a ${existing.type}: create a new, unique parameter to have a ${input.Type}.`,
    );
}

/** The oldest of 100 versions makes room, unless somebody labelled it. */
function withRoom({ name, versions }: Parameter): Version[] {
  const [oldest] = versions;
  if (versions.length < VERSIONS_KEPT || !oldest) return versions;
  if (oldest.labels.length > 0)
    throw new AwsError(
      'ParameterMaxVersionLimitExceeded',
      `You attempted to create a new version of ${name} by calling the PutParameter API with the overwrite flag. Version ${oldest.number}, the oldest version, can't be deleted because it has a label associated with it. Move the label to another version of the parameter, and try again.`,
    );
  return versions.slice(1);
}

function writer({ principal }: Call): string {
  return principal.kind === 'service' ? principal.service : principal.arn;
}
