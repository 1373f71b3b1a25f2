/** One statement of a policy, with every list a list. */
export interface Statement {
  sid: string | null;
  effect: 'Allow' | 'Deny';
  /** `*`, ARNs and account ids, or services. */
  principals: { kind: 'AWS' | 'Service' | string; value: string }[];
  actions: string[];
  resources: string[];
  /** Operator -> key (lower case) -> values. */
  conditions: Record<string, Record<string, string[]>>;
}

type Raw = Record<string, unknown>;

/** Statements of a policy's JSON text; none where there is no policy, or none that can be read. */
export function statementsOf(policy: string | null): Statement[] {
  return rawStatements(policy).map((raw) => ({
    sid: typeof raw.Sid === 'string' ? raw.Sid : null,
    effect: raw.Effect === 'Deny' ? 'Deny' : 'Allow',
    principals: principalsOf(raw.Principal),
    actions: list(raw.Action),
    resources: list(raw.Resource),
    conditions: Object.fromEntries(
      Object.entries((raw.Condition ?? {}) as Record<string, Raw>).map(([operator, keys]) => [
        operator,
        Object.fromEntries(Object.entries(keys).map(([key, values]) => [key.toLowerCase(), list(values)])),
      ]),
    ),
  }));
}

/** The policy with these statements in it: one of the same Sid is replaced, all others stay as they are. */
export function mergeStatements(policy: string | null, statements: readonly Raw[]): string {
  const sids = statements.map((statement) => statement.Sid);
  const kept = rawStatements(policy).filter((statement) => !sids.includes(statement.Sid));
  const { Statement: _, ...rest } = parse(policy);
  return JSON.stringify({ Version: '2012-10-17', ...rest, Statement: [...statements, ...kept] });
}

/** Whether a statement speaks of an action: `sqs:*` of `sqs:SendMessage`. Letter case does not count. */
export function speaksOf(statement: Statement, action: string): boolean {
  return statement.actions.some((pattern) => glob(pattern.toLowerCase(), action.toLowerCase()));
}

/** Whether it speaks of everybody. */
export function isForEverybody(statement: Statement): boolean {
  return statement.principals.some(({ kind, value }) => value === '*' && (kind === 'AWS' || kind === '*'));
}

/** IAM's wildcards: `*` any text, `?` any character. */
export function glob(pattern: string, text: string): boolean {
  const source = pattern
    .replace(/[.+^${}()|[\]\\]/g, '\\$&')
    .replaceAll('*', '.*')
    .replaceAll('?', '.');
  return new RegExp(`^${source}$`, 's').test(text);
}

function rawStatements(policy: string | null): Raw[] {
  const { Statement } = parse(policy);
  return Array.isArray(Statement) ? (Statement as Raw[]) : Statement ? [Statement as Raw] : [];
}

function parse(policy: string | null): Raw {
  try {
    return policy ? (JSON.parse(policy) as Raw) : {};
  } catch {
    return {};
  }
}

function principalsOf(principal: unknown): Statement['principals'] {
  if (principal === '*') return [{ kind: '*', value: '*' }];
  return Object.entries((principal ?? {}) as Raw).flatMap(([kind, values]) =>
    list(values).map((value) => ({ kind, value })),
  );
}

function list(value: unknown): string[] {
  if (value === undefined || value === null) return [];
  return (Array.isArray(value) ? value : [value]).map(String);
}
