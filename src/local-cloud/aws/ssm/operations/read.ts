import { AwsError, type Call, type Operation } from '../../../kernel/service.js';
import { constraint } from '../errors.js';
import { readName, type Selected, select } from '../name.js';
import { type Parameters, parameterArn } from '../state.js';

interface ReadInput {
  Name: string;
  Names: string[];
  WithDecryption?: boolean;
}

const NAMES_LIMIT = 10;

/** GetParameter and GetParameters; by path is in get-by-path.ts. */
export function readOperations(parameters: Parameters): Record<string, Operation<ReadInput>> {
  const arnOf = (name: unknown, call: Call) =>
    parameterArn(call.region, call.account, readName(String(name)).name);
  return {
    GetParameter: {
      resource: (input, call) => arnOf(input.Name, call),
      handle(input, call) {
        const selected = select(parameters, call.region, String(input.Name));
        return { Parameter: describe(parameters, selected, input.WithDecryption, call) };
      },
    },
    GetParameters: {
      resource: (input, call) => (input.Names ?? []).map((name) => arnOf(name, call)),
      handle(input, call) {
        const names = validNames(input.Names);
        const found: Selected[] = [];
        const missing: string[] = [];
        for (const name of names) {
          const selected = unlessMissing(() => select(parameters, call.region, name));
          if (selected) found.push(selected);
          else missing.push(name);
        }
        const shown = found.map((selected) => describe(parameters, selected, input.WithDecryption, call));
        return { Parameters: shown, InvalidParameters: missing };
      },
    },
  };
}

/** A parameter as the Get operations show it. */
export function describe(
  parameters: Parameters,
  { parameter, version, selector }: Selected,
  withDecryption: boolean | undefined,
  call: Call,
) {
  return {
    Name: parameter.name,
    Type: parameter.type,
    Value: parameters.shown(parameter, version, withDecryption === true),
    Version: version.number,
    Selector: selector,
    LastModifiedDate: new Date(version.modified),
    ARN: parameterArn(call.region, call.account, parameter.name),
    DataType: 'text',
  };
}

export function validNames(names: string[] | undefined): string[] {
  if (!names?.length) throw constraint('names', names, 'have length greater than or equal to 1');
  if (names.length > NAMES_LIMIT)
    throw constraint('names', names, `have length less than or equal to ${NAMES_LIMIT}`);
  return names;
}

function unlessMissing(find: () => Selected): Selected | undefined {
  try {
    return find();
  } catch (error) {
    if (error instanceof AwsError && /NotFound$/.test(error.code)) return undefined;
    throw error;
  }
}
