/** A statement as evaluation wants it: every list is a list. */
export interface Statement {
  sid?: string;
  effect: 'Allow' | 'Deny';
  actions: string[];
  notActions: string[];
  resources: string[];
  notResources: string[];
  /** `{AWS: […], Service: […]}`; `'*'` is everyone. */
  principal?: PrincipalElement;
  notPrincipal?: PrincipalElement;
  /** Operator → condition key → values. */
  conditions: Record<string, Record<string, string[]>>;
}

export type PrincipalElement = '*' | Record<string, string[]>;

const parsed = new Map<string, Statement[]>();

/** The statements of a policy document that was validated when it was put. Throws on what is not JSON. */
export function statementsOf(document: string): Statement[] {
  const known = parsed.get(document);
  if (known) return known;
  const { Statement: statements } = JSON.parse(document) as { Statement?: unknown };
  const result = many(statements).map((statement) => readStatement(statement as Record<string, unknown>));
  // Documents repeat with every call, but a long-lived process may see many different ones.
  if (parsed.size > 1000) parsed.clear();
  parsed.set(document, result);
  return result;
}

function readStatement(raw: Record<string, unknown>): Statement {
  return {
    ...(typeof raw.Sid === 'string' ? { sid: raw.Sid } : {}),
    effect: raw.Effect === 'Allow' ? 'Allow' : 'Deny',
    actions: many(raw.Action).map(String),
    notActions: many(raw.NotAction).map(String),
    resources: many(raw.Resource).map(String),
    notResources: many(raw.NotResource).map(String),
    ...(raw.Principal === undefined ? {} : { principal: readPrincipal(raw.Principal) }),
    ...(raw.NotPrincipal === undefined ? {} : { notPrincipal: readPrincipal(raw.NotPrincipal) }),
    conditions: readConditions(raw.Condition),
  };
}

function readPrincipal(raw: unknown): PrincipalElement {
  if (raw === '*') return '*';
  const element: Record<string, string[]> = {};
  for (const [kind, values] of Object.entries((raw ?? {}) as object))
    element[kind] = many(values).map(String);
  return element;
}

function readConditions(raw: unknown): Statement['conditions'] {
  const conditions: Statement['conditions'] = {};
  for (const [operator, keys] of Object.entries((raw ?? {}) as object)) {
    const read: Record<string, string[]> = {};
    for (const [key, values] of Object.entries((keys ?? {}) as object)) read[key] = many(values).map(String);
    conditions[operator] = read;
  }
  return conditions;
}

export function many(value: unknown): unknown[] {
  if (value === undefined) return [];
  return Array.isArray(value) ? value : [value];
}
