import { type Clause, requestsWhere } from './condition.js';
import { equalTo, like, likeArn } from './matcher.js';
import { type Constraint, isEmpty, type RequestSet, valuesIn } from './request-set.js';
import { type Principal, type Principals, type Statement, sendStatements } from './statement.js';

/** Who is meant to put messages into a queue: rules of EventBridge and roles of functions, by ARN. */
export interface QueueSenders {
  rules: readonly string[];
  roles: readonly string[];
}

export interface QueueAccess {
  arn: string;
  /** JSON text; null: the queue has none. */
  policy: string | null;
  /** JSON text; null: the queue has none. Says which other queues may hand their messages over to this one. */
  redriveAllowPolicy: string | null;
}

type Group = 'account' | 'other-accounts' | 'services' | 'anonymous';

/** The service that calls; of our own making, for `Principal: { Service: … }`. */
const SERVICE = '#service';
const GROUPS: readonly Group[] = ['account', 'other-accounts', 'services', 'anonymous'];
/** A policy that takes more steps is not seen through, and so open. */
const MOST_STEPS = 2_000;
const MOST_TOLD = 10;
const ANY_ARN = 'arn:*:*:*:';

/**
 * Everybody but the expected who may put messages into a queue, one sentence each; none: the queue is closed to all
 * others. In its own account a principal's own policy is enough to send, so there only a denial keeps anybody out.
 * What cannot be evaluated is taken for open.
 */
export function findOtherSenders(queue: QueueAccess, expected: QueueSenders): string[] {
  const statements = sendStatements(queue.policy, queue.arn);
  const byPolicy =
    statements === null
      ? ['the policy cannot be read, so anybody may send']
      : othersBy(statements, queue, expected);
  const byRedrive = refusesRedrive(queue.redriveAllowPolicy)
    ? []
    : ['any queue of the account may hand its messages over, as its dead-letter queue'];
  return [...byPolicy, ...byRedrive];
}

/** Those of them outside the queue's account. Within it, policies decide that the queue's own does not show. */
export function findForeignSenders(
  queue: Omit<QueueAccess, 'redriveAllowPolicy'>,
  expected: QueueSenders,
): string[] {
  const groups = GROUPS.filter((group) => group !== 'account');
  return othersBy(sendStatements(queue.policy, queue.arn) ?? [], queue, expected, groups);
}

/** Those of the expected whom the policy keeps out, by ARN. */
export function findDeniedSenders(queue: QueueAccess, { rules, roles }: QueueSenders): string[] {
  const denials = escapesOf(sendStatements(queue.policy, queue.arn) ?? []);
  const account = accountOf(queue);
  const overTls = is('aws:securetransport', 'true');
  const isDenied = (request: RequestSet) => search(request, denials, isEmpty).length === 0;
  return [
    ...rules.filter((arn) =>
      isDenied([
        ...factsOf('services', account),
        is(SERVICE, 'events.amazonaws.com'),
        is('aws:sourcearn', arn),
        is('aws:sourceaccount', arn.split(':')[4] ?? ''),
        absent('aws:principalarn'),
        overTls,
      ]),
    ),
    ...roles.filter((arn) =>
      isDenied([
        ...factsOf('account', account),
        is('aws:principalarn', arn),
        absent('aws:sourcearn'),
        absent('aws:sourceaccount'),
        overTls,
      ]),
    ),
  ];
}

/** Whether messages come in without TLS. */
export function takesPlainHttp(queue: QueueAccess): boolean {
  const denials = escapesOf(sendStatements(queue.policy, queue.arn) ?? []);
  return GROUPS.some(
    (group) =>
      search([...factsOf(group, accountOf(queue)), is('aws:securetransport', 'false')], denials, isEmpty)
        .length > 0,
  );
}

function othersBy(
  statements: readonly Statement[],
  queue: Pick<QueueAccess, 'arn'>,
  expected: QueueSenders,
  groups: readonly Group[] = GROUPS,
): string[] {
  const denials = escapesOf(statements);
  const permissions = statements.filter(({ effect }) => effect === 'Allow').flatMap(grantsOf);
  const dismissed = (request: RequestSet) => isEmpty(request) || isExpected(request, expected);
  const found = groups.flatMap((group) => {
    const facts = factsOf(group, accountOf(queue));
    // Everybody in the account may have a policy of its own that allows it.
    const grants: RequestSet[] = group === 'account' ? [[]] : permissions;
    return grants
      .flatMap((grant) => search([...facts, ...grant], denials, dismissed))
      .map((request) => describe(group, request, expected));
  });
  return [...new Set(found)].slice(0, MOST_TOLD);
}

/**
 * The requests of a set that escape every denial, split by how they do it. Those that are dismissed are left out.
 * Gives up, with the whole set, where there are too many ways.
 */
function search(
  start: RequestSet,
  denials: readonly RequestSet[][],
  dismissed: (request: RequestSet) => boolean,
): RequestSet[] {
  let steps = 0;
  const follow = (request: RequestSet, from: number): RequestSet[] | undefined => {
    steps += 1;
    if (steps > MOST_STEPS) return undefined;
    if (dismissed(request)) return [];
    const ways = denials[from];
    if (!ways) return [request];
    const found: RequestSet[] = [];
    for (const way of ways) {
      const further = follow([...request, ...way], from + 1);
      if (!further) return undefined;
      // As many as can be told; the first says that it is open.
      if (found.length < MOST_TOLD) found.push(...further);
    }
    return found;
  };
  return follow(start, 0) ?? [start];
}

/** For each denial, the requests that it does not stop: one set for each way. */
function escapesOf(statements: readonly Statement[]): RequestSet[][] {
  return statements
    .filter(({ effect }) => effect === 'Deny')
    .map(({ principals, clauses }) => {
      const byCondition = clauses === null ? [[]] : clauses.map((clause) => where(clause, false));
      return [...escapesByPrincipal(principals), ...byCondition];
    });
}

function escapesByPrincipal(principals: Principals): RequestSet[] {
  if (principals.kind === 'everybody') return [];
  if (principals.kind === 'unknown') return [[]];
  if (principals.kind === 'all-but') return principals.listed.map(constraintsOf);
  const known = principals.listed.map(isPrincipal);
  return [known.filter((one) => one !== null).map(negate)];
}

/** The requests that an `Allow` speaks of: one set for each principal. */
function grantsOf({ principals, clauses }: Statement): RequestSet[] {
  const conditions = (clauses ?? []).flatMap((clause) => where(clause, true));
  if (principals.kind !== 'listed') return [conditions];
  return principals.listed.map((principal) => [...constraintsOf(principal), ...conditions]);
}

function where(clause: Clause, holds: boolean): RequestSet {
  const constraint = requestsWhere(clause, holds);
  return constraint === null ? [] : [constraint];
}

function constraintsOf(principal: Principal): RequestSet {
  const constraint = isPrincipal(principal);
  return constraint === null ? [] : [constraint];
}

/** Null: what is named cannot be recognised in a request (a session, an id). */
function isPrincipal({ type, value }: Principal): Constraint | null {
  if (type === 'Service') return present(SERVICE, like(value));
  if (type !== 'AWS') return null;
  const account = /^(\d{12})$|^arn:[\w-]+:iam::(\d{12}):root$/.exec(value);
  if (account) return is('aws:principalaccount', account[1] ?? account[2] ?? '');
  return /^arn:[\w-]+:iam::\d{12}:(role|user)\/[^*?]+$/.test(value) ? is('aws:principalarn', value) : null;
}

function negate({ key, among }: Constraint): Constraint {
  return { key, mayBeAbsent: true, among: null, except: among ?? [] };
}

/** Every request of the set comes from one that is expected. */
function isExpected(request: RequestSet, { rules, roles }: QueueSenders): boolean {
  return comesOnlyFrom('aws:sourcearn', rules) || comesOnlyFrom('aws:principalarn', roles);

  function comesOnlyFrom(key: string, arns: readonly string[]): boolean {
    const { mayBeAbsent, listed } = valuesIn(request, key);
    return !mayBeAbsent && listed !== null && listed.every((value) => arns.includes(value));
  }
}

/** What AWS itself says of the requests of a group; a sender cannot choose it. */
function factsOf(group: Group, account: string): RequestSet {
  switch (group) {
    case 'account':
      return [
        is('aws:principalaccount', account),
        present('aws:principalarn', likeArn(`${ANY_ARN}${account}:*`)),
        is('aws:principalisawsservice', 'false'),
        absent(SERVICE),
      ];
    case 'other-accounts':
      return [
        { key: 'aws:principalaccount', mayBeAbsent: false, among: null, except: [equalTo(account)] },
        is('aws:principalisawsservice', 'false'),
        absent(SERVICE),
      ];
    case 'services':
      return [is('aws:principalisawsservice', 'true'), present(SERVICE, like('*'))];
    case 'anonymous':
      return ['aws:principalaccount', 'aws:principalarn', 'aws:principalisawsservice', SERVICE].map(absent);
  }
}

function is(key: string, value: string): Constraint {
  return present(key, equalTo(value));
}

function present(key: string, matcher: Constraint['except'][number]): Constraint {
  return { key, mayBeAbsent: false, among: [matcher], except: [] };
}

function absent(key: string): Constraint {
  return { key, mayBeAbsent: true, among: [], except: [] };
}

/** A redrive is no SendMessage: the queue's policy does not stop it. */
function refusesRedrive(policy: string | null): boolean {
  try {
    const { redrivePermission } = JSON.parse(policy ?? '{}') as { redrivePermission?: unknown };
    return redrivePermission === 'denyAll';
  } catch {
    return false;
  }
}

function accountOf({ arn }: Pick<QueueAccess, 'arn'>): string {
  return arn.split(':')[4] ?? '';
}

const ANYBODY: Record<Group, string> = {
  account: 'anybody in the account whose own policy allows it may send',
  'other-accounts': 'anybody in another account may send',
  services: 'any AWS service, for anybody, may send',
  anonymous: 'anybody may send without signing in',
};

function describe(group: Group, request: RequestSet, { rules, roles }: QueueSenders): string {
  const own = [...rules, ...roles];
  for (const key of ['aws:principalarn', 'aws:sourcearn', SERVICE]) {
    const named = request
      .filter((one) => one.key === key && !one.mayBeAbsent)
      .flatMap(({ among }) => among ?? [])
      .filter(
        ({ exact, text }) => text !== '*' && !text.startsWith(ANY_ARN) && !(exact && own.includes(text)),
      )
      .map(({ text }) => text);
    if (named.length > 0) return `${[...new Set(named)].join(' or ')} may send as well`;
  }
  return ANYBODY[group];
}
