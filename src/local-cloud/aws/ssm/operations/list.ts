import type { Call, Operation } from '../../../kernel/service.js';
import { constraint, invalid, parameterNotFound } from '../errors.js';
import { readName } from '../name.js';
import { currentVersion, type Parameter, type Parameters, parameterArn, type Version } from '../state.js';
import { type ParameterFilter, passes, underPath } from './filters.js';
import { page } from './page.js';
import { describe } from './read.js';

interface ListInput {
  Name: string;
  Path: string;
  Recursive?: boolean;
  WithDecryption?: boolean;
  ParameterFilters?: ParameterFilter[];
  Filters?: { Key: string; Values: string[] }[];
  MaxResults?: number;
  NextToken?: string;
}

/** Operations that answer with pages: by path, descriptions, and a parameter's history. */
export function listOperations(parameters: Parameters): Record<string, Operation<ListInput>> {
  return {
    GetParametersByPath: {
      resource: (input, call) =>
        parameterArn(call.region, call.account, String(input.Path).replace(/(.)\/$/, '$1')),
      handle(input, call) {
        if (typeof input.Path !== 'string') throw constraint('path', input.Path, 'not be null');
        if (!input.Path.startsWith('/'))
          throw invalid(
            `The parameter doesn't meet the parameter name requirements. The parameter name must begin with a forward slash "/". It can't be prefixed with "aws" or "ssm" (case-insensitive). It must use only letters, numbers, or the following symbols: . (period), - (hyphen), _ (underscore). Special characters are not allowed. All sub-paths, if specified, must use the forward slash symbol "/". Valid example: /get/parameters2-/by1./path0_.`,
          );
        const keys = ['Type', 'KeyId', 'Label'];
        const found = parameters
          .list(call.region)
          .filter(({ name }) => underPath(name, input.Path, input.Recursive === true))
          .filter((parameter) => passes(parameter, input.ParameterFilters ?? [], keys));
        const { items, rest } = page(found, input, 10);
        const selected = items.map((parameter) => ({ parameter, version: currentVersion(parameter) }));
        return {
          Parameters: selected.map((one) => describe(parameters, one, input.WithDecryption, call)),
          ...rest,
        };
      },
    },
    DescribeParameters: {
      handle(input, call) {
        const keys = ['Name', 'Type', 'Tier', 'KeyId', 'DataType', 'Path', 'tag:'];
        const legacy = (input.Filters ?? []).map((filter) => ({ ...filter, Option: 'BeginsWith' }));
        if (legacy.length > 0 && input.ParameterFilters)
          throw invalid('You can use either Filters or ParameterFilters in a single request.');
        const filters = input.ParameterFilters ?? legacy;
        const found = parameters.list(call.region).filter((parameter) => passes(parameter, filters, keys));
        const { items, rest } = page(found, input, 50);
        return {
          Parameters: items.map((parameter) => metadata(parameter, currentVersion(parameter), call)),
          ...rest,
        };
      },
    },
    GetParameterHistory: {
      resource: (input, call) => parameterArn(call.region, call.account, String(input.Name)),
      handle(input, call) {
        const parameter = parameters.find(call.region, readName(String(input.Name)).name);
        if (!parameter) throw parameterNotFound();
        const { items, rest } = page(parameter.versions, input, 50);
        const history = items.map((version) => ({
          ...metadata(parameter, version, call),
          ARN: undefined,
          Labels: version.labels,
          Value: parameters.shown(parameter, version, input.WithDecryption === true),
        }));
        return { Parameters: history, ...rest };
      },
    },
  };
}

function metadata(parameter: Parameter, version: Version, call: Call) {
  return {
    Name: parameter.name,
    ARN: parameterArn(call.region, call.account, parameter.name),
    Type: parameter.type,
    KeyId: parameter.type === 'SecureString' ? 'alias/aws/ssm' : undefined,
    LastModifiedDate: new Date(version.modified),
    LastModifiedUser: version.modifiedBy,
    Description: version.description,
    AllowedPattern: version.allowedPattern,
    Version: version.number,
    Tier: version.tier,
    Policies: [],
    DataType: 'text',
  };
}
