import { cidrContains } from './cidr.js';
import { type Context, equalsPattern, matchesArn, matchesPattern } from './match.js';

type Compare = (wanted: string, given: string, context: Context) => boolean;

const number = (compare: (given: number, wanted: number) => boolean): Compare => {
  return (wanted, given) => {
    const numbers = [Number(given), Number(wanted)] as const;
    return numbers.every((value) => !Number.isNaN(value)) && compare(...numbers);
  };
};
const date = (compare: (given: number, wanted: number) => boolean): Compare => {
  return (wanted, given) => {
    const times = [timeOf(given), timeOf(wanted)] as const;
    return times.every((value) => !Number.isNaN(value)) && compare(...times);
  };
};

/** Positive operators; a `Not` form is the negation of its positive. */
const OPERATORS: Record<string, Compare> = {
  StringEquals: (wanted, given, context) => equalsPattern(wanted, given, context),
  StringEqualsIgnoreCase: (wanted, given, context) => equalsPattern(wanted, given, context, true),
  StringLike: (wanted, given, context) => matchesPattern(wanted, given, context),
  NumericEquals: number((given, wanted) => given === wanted),
  NumericLessThan: number((given, wanted) => given < wanted),
  NumericLessThanEquals: number((given, wanted) => given <= wanted),
  NumericGreaterThan: number((given, wanted) => given > wanted),
  NumericGreaterThanEquals: number((given, wanted) => given >= wanted),
  DateEquals: date((given, wanted) => given === wanted),
  DateLessThan: date((given, wanted) => given < wanted),
  DateLessThanEquals: date((given, wanted) => given <= wanted),
  DateGreaterThan: date((given, wanted) => given > wanted),
  DateGreaterThanEquals: date((given, wanted) => given >= wanted),
  Bool: (wanted, given) => wanted.toLowerCase() === given.toLowerCase(),
  BinaryEquals: (wanted, given) => wanted === given,
  IpAddress: (wanted, given) => cidrContains(wanted, given),
  // IAM compares both with wildcards, part by part.
  ArnEquals: matchesArn,
  ArnLike: matchesArn,
};

const NEGATED: Record<string, string> = {
  StringNotEquals: 'StringEquals',
  StringNotEqualsIgnoreCase: 'StringEqualsIgnoreCase',
  StringNotLike: 'StringLike',
  NumericNotEquals: 'NumericEquals',
  DateNotEquals: 'DateEquals',
  NotIpAddress: 'IpAddress',
  ArnNotEquals: 'ArnEquals',
  ArnNotLike: 'ArnLike',
};

interface Operator {
  set: 'ForAnyValue' | 'ForAllValues' | undefined;
  name: string;
  ifExists: boolean;
}

/** Whether the name is a condition operator, with its set prefix and `IfExists` suffix. */
export function isConditionOperator(text: string): boolean {
  const { name, ifExists } = readOperator(text);
  return name === 'Null' ? !ifExists : name in OPERATORS || name in NEGATED;
}

/** Every operator and every key must hold; among a key's values one is enough (none may match, when negated). */
export function conditionsHold(
  conditions: Record<string, Record<string, string[]>>,
  context: Context,
): boolean {
  return Object.entries(conditions).every(([operator, keys]) =>
    Object.entries(keys).every(([key, wanted]) =>
      conditionHolds(readOperator(operator), wanted, context.get(key.toLowerCase()), context),
    ),
  );
}

function conditionHolds(
  operator: Operator,
  wanted: string[],
  given: string[] | undefined,
  context: Context,
): boolean {
  if (operator.name === 'Null')
    return wanted.some((value) => (value.toLowerCase() === 'true') === (given === undefined));
  const negated = NEGATED[operator.name];
  const compare = OPERATORS[negated ?? operator.name];
  if (!compare) return false;
  if (given === undefined)
    return operator.ifExists || operator.set === 'ForAllValues' || (operator.set === undefined && !!negated);
  const one = (value: string) => wanted.some((pattern) => compare(pattern, value, context)) !== !!negated;
  return operator.set === 'ForAnyValue' ? given.some(one) : given.every(one);
}

function readOperator(text: string): Operator {
  const parts = /^(?:(ForAnyValue|ForAllValues):)?(\w+?)(IfExists)?$/.exec(text);
  return {
    set: parts?.[1] as Operator['set'],
    name: parts?.[2] ?? '',
    ifExists: parts?.[3] !== undefined,
  };
}

function timeOf(text: string): number {
  return /^\d+$/.test(text) ? Number(text) * 1000 : Date.parse(text);
}
