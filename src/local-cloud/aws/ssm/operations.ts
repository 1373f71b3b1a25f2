import { AwsError, type Call, type Operation } from '../../kernel/service.js';
import { filtered, type ParameterFilter } from './filters.js';
import {
  type Parameter,
  type Parameters,
  type ParameterType,
  parameterArn,
  selected,
  splitName,
  type Version,
} from './parameters.js';
import { type PutInput, validatePut, validation } from './validate.js';

const BATCH = 10;
const PAGE = 50;
const DEFAULT_KEY = 'alias/aws/ssm';

const one = ({ Name }: { Name?: string }, call: Call) =>
  parameterArn(call.region, splitName(Name ?? '').name);
const many = ({ Names }: { Names?: string[] }, call: Call) =>
  (Names ?? []).map((name) => parameterArn(call.region, splitName(name).name));

export function parameterOperations(parameters: Parameters): Record<string, Operation> {
  return {
    PutParameter: { resource: one, handle: (input: PutInput, call) => put(parameters, input, call) },
    GetParameter: {
      resource: one,
      handle: ({ Name, WithDecryption }: { Name: string; WithDecryption?: boolean }, call) => {
        const { name, selector } = splitName(Name);
        const parameter = parameters.get(call.region, name);
        return {
          Parameter: shown(
            parameters,
            parameter,
            selected(parameter, selector),
            WithDecryption ?? false,
            selector,
          ),
        };
      },
    },
    GetParameters: {
      resource: many,
      handle: ({ Names, WithDecryption }: { Names: string[]; WithDecryption?: boolean }, call) => {
        if (Names.length > BATCH)
          throw validation(
            `1 validation error detected: Value at 'names' failed to satisfy constraint: Member must have length less than or equal to ${BATCH}.`,
          );
        const found = Names.map((given) => ({ given, ...lookUp(parameters, call.region, given) }));
        return {
          Parameters: found.flatMap(({ parameter, version, selector }) =>
            parameter && version
              ? [shown(parameters, parameter, version, WithDecryption ?? false, selector)]
              : [],
          ),
          InvalidParameters: found.filter(({ version }) => !version).map(({ given }) => given),
        };
      },
    },
    GetParametersByPath: {
      resource: ({ Path }: { Path?: string }, call) => parameterArn(call.region, Path ?? '/'),
      handle: (
        input: {
          Path: string;
          Recursive?: boolean;
          WithDecryption?: boolean;
          MaxResults?: number;
          NextToken?: string;
        },
        call,
      ) => {
        const prefix = input.Path.endsWith('/') ? input.Path : `${input.Path}/`;
        const below = parameters
          .inRegion(call.region)
          .filter(
            ({ name }) =>
              name.startsWith(prefix) && (input.Recursive || !name.slice(prefix.length).includes('/')),
          );
        const { page, NextToken } = pageOf(below, input.NextToken, input.MaxResults ?? BATCH);
        return {
          Parameters: page.map((parameter) =>
            shown(
              parameters,
              parameter,
              selected(parameter, undefined),
              input.WithDecryption ?? false,
              undefined,
            ),
          ),
          NextToken,
        };
      },
    },
    DescribeParameters: {
      handle: (
        input: { ParameterFilters?: ParameterFilter[]; MaxResults?: number; NextToken?: string },
        call,
      ) => {
        const { page, NextToken } = pageOf(
          filtered(parameters.inRegion(call.region), input.ParameterFilters ?? []),
          input.NextToken,
          input.MaxResults ?? PAGE,
        );
        return {
          Parameters: page.map((parameter) => described(parameter, selected(parameter, undefined))),
          NextToken,
        };
      },
    },
    GetParameterHistory: {
      resource: one,
      handle: (
        input: { Name: string; WithDecryption?: boolean; MaxResults?: number; NextToken?: string },
        call,
      ) => {
        const parameter = parameters.get(call.region, input.Name);
        const { page, NextToken } = pageOf(parameter.versions, input.NextToken, input.MaxResults ?? PAGE);
        return {
          Parameters: page.map((version) => ({
            ...described(parameter, version),
            Value: parameters.valueOf(parameter, version, input.WithDecryption ?? false),
            Labels: version.labels,
          })),
          NextToken,
        };
      },
    },
    LabelParameterVersion: {
      resource: one,
      handle: (input: { Name: string; ParameterVersion?: number; Labels: string[] }, call) => {
        const parameter = parameters.get(call.region, input.Name);
        const version = selected(
          parameter,
          input.ParameterVersion === undefined ? undefined : String(input.ParameterVersion),
        );
        const valid = (label: string) =>
          /^[A-Za-z_.-][\w.-]{0,99}$/.test(label) && !/^(aws|ssm)/i.test(label);
        parameters.label(parameter, version, input.Labels.filter(valid));
        return {
          InvalidLabels: input.Labels.filter((label) => !valid(label)),
          ParameterVersion: version.version,
        };
      },
    },
    DeleteParameter: {
      resource: one,
      handle: ({ Name }: { Name: string }, call) => {
        if (!parameters.delete(call.region, Name)) throw new AwsError('ParameterNotFound', '');
      },
    },
    DeleteParameters: {
      resource: many,
      handle: ({ Names }: { Names: string[] }, call) => {
        const deleted = Names.filter((name) => parameters.delete(call.region, name));
        return {
          DeletedParameters: deleted,
          InvalidParameters: Names.filter((name) => !deleted.includes(name)),
        };
      },
    },
  };
}

function put(parameters: Parameters, input: PutInput, call: Call): { Version: number; Tier: string } {
  validatePut(input);
  const existing = parameters.find(call.region, input.Name);
  if (existing && !input.Overwrite)
    throw new AwsError(
      'ParameterAlreadyExists',
      'The parameter already exists. To overwrite this value, set the overwrite option in the request to true.',
    );
  if (!existing && !input.Type) throw validation('A parameter type is required when you create a parameter.');
  if (existing && input.Type && input.Type !== existing.type)
    throw new AwsError(
      'HierarchyTypeMismatchException',
      `The parameter ${input.Name} has the type ${existing.type}; a parameter's type can't be changed. Create another parameter.`,
    );
  const type = existing?.type ?? (input.Type as ParameterType);
  const parameter: Parameter = existing ?? {
    name: input.Name,
    region: call.region,
    type,
    keyId: type === 'SecureString' ? (input.KeyId ?? DEFAULT_KEY) : null,
    tier: input.Tier === 'Advanced' ? 'Advanced' : 'Standard',
    dataType: input.DataType ?? 'text',
    tags: Object.fromEntries((input.Tags ?? []).map(({ Key, Value }) => [Key, Value])),
    versions: [],
  };
  const previous = parameter.versions.at(-1)?.description ?? null;
  const user = call.principal.kind === 'service' ? call.principal.service : call.principal.arn;
  const kept = parameters.addVersion(parameter, input.Value, input.Description ?? previous, user);
  call.cloud.tell('ssm', `${input.Name} is now version ${kept.versions.at(-1)?.version}`);
  return { Version: kept.versions.at(-1)?.version as number, Tier: kept.tier };
}

function lookUp(
  parameters: Parameters,
  region: string,
  given: string,
): { parameter?: Parameter; version?: Version; selector: string | undefined } {
  const { name, selector } = splitName(given);
  const parameter = parameters.find(region, name);
  if (!parameter) return { selector };
  try {
    return { parameter, version: selected(parameter, selector), selector };
  } catch {
    return { parameter, selector };
  }
}

function shown(
  parameters: Parameters,
  parameter: Parameter,
  version: Version,
  decrypt: boolean,
  selector: string | undefined,
) {
  return {
    Name: parameter.name,
    Type: parameter.type,
    Value: parameters.valueOf(parameter, version, decrypt),
    Version: version.version,
    ...(selector === undefined ? {} : { Selector: `:${selector}` }),
    LastModifiedDate: new Date(version.modified),
    ARN: parameterArn(parameter.region, parameter.name),
    DataType: parameter.dataType,
  };
}

function described(parameter: Parameter, version: Version) {
  return {
    Name: parameter.name,
    ARN: parameterArn(parameter.region, parameter.name),
    Type: parameter.type,
    ...(parameter.keyId ? { KeyId: parameter.keyId } : {}),
    LastModifiedDate: new Date(version.modified),
    LastModifiedUser: version.user,
    ...(version.description === null ? {} : { Description: version.description }),
    Version: version.version,
    Tier: parameter.tier,
    Policies: [],
    DataType: parameter.dataType,
  };
}

function pageOf<T>(all: T[], token: string | undefined, size: number): { page: T[]; NextToken?: string } {
  const start = token ? Number(token) : 0;
  if (!Number.isInteger(start) || start < 0)
    throw new AwsError('InvalidNextToken', 'The specified token is not valid.');
  return {
    page: all.slice(start, start + size),
    ...(start + size < all.length ? { NextToken: String(start + size) } : {}),
  };
}
