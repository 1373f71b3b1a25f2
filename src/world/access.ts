import { glob, type Statement, speaksOf } from './policy-document.js';

/** One request, as a policy sees it. */
export interface AccessRequest {
  action: string;
  resource: string;
  /** Who asks, for policies of a resource; identity policies name nobody. */
  principal?: { kind: 'Service' | 'AWS'; value: string };
  /** Condition keys, in lower case, with their values. */
  context?: Record<string, string>;
}

/** `none`: no statement speaks of it. A denial outweighs whatever allows. */
export function decide(
  statements: readonly Statement[],
  request: AccessRequest,
): 'allowed' | 'denied' | 'none' {
  const matching = statements.filter((statement) => matches(statement, request));
  if (matching.some((statement) => statement.effect === 'Deny')) return 'denied';
  return matching.length > 0 ? 'allowed' : 'none';
}

function matches(statement: Statement, request: AccessRequest): boolean {
  return (
    speaksOf(statement, request.action) &&
    (statement.resources.length === 0 || statement.resources.some((one) => glob(one, request.resource))) &&
    (request.principal === undefined || isFor(statement, request.principal)) &&
    conditionsHold(statement, request.context ?? {})
  );
}

function isFor(statement: Statement, { kind, value }: { kind: string; value: string }): boolean {
  const account = /^arn:[\w-]+:iam::(\d+):/.exec(value)?.[1];
  return statement.principals.some(
    (principal) =>
      principal.value === '*' ||
      (principal.kind === kind &&
        (principal.value === value ||
          (account !== undefined &&
            (principal.value === account || principal.value.endsWith(`::${account}:root`))))),
  );
}

/** Every operator and every key must hold. An operator that we do not know does not. */
function conditionsHold(statement: Statement, context: Record<string, string>): boolean {
  return Object.entries(statement.conditions).every(([operator, keys]) =>
    Object.entries(keys).every(([key, values]) => holds(operator, values, context[key])),
  );
}

function holds(operator: string, values: readonly string[], given: string | undefined): boolean {
  const [, not, name] = /^(?:Arn|String)(Not)?(Equals|Like)$/.exec(operator) ?? [];
  if (name !== undefined) {
    // Arn operators know wildcards even where they say Equals.
    const wild = name === 'Like' || operator.startsWith('Arn');
    const equal =
      given !== undefined && values.some((value) => (wild ? glob(value, given) : value === given));
    return not ? !equal : equal;
  }
  if (operator === 'Bool') return given !== undefined && values.includes(given);
  return false;
}
