/** One request to send a message, with what AWS and the sender say of it; a key that is missing is not in the request. */
export interface Request {
  anonymous: boolean;
  service: string | null;
  keys: Readonly<Record<string, string>>;
}

export interface RawStatement {
  Effect: string;
  Principal?: unknown;
  NotPrincipal?: unknown;
  Action?: unknown;
  NotAction?: unknown;
  Resource?: unknown;
  NotResource?: unknown;
  Condition?: Record<string, Record<string, unknown>>;
}

/**
 * Whether AWS would take the message, for one request, as its documentation says it evaluates: an explicit denial
 * wins; in the queue's own account the sender's own policy is enough, and is taken to allow everything; all others
 * need a permission of the queue.
 */
export function maySend(statements: readonly RawStatement[], queueArn: string, request: Request): boolean {
  const matching = statements.filter((one) => applies(one, queueArn, request));
  if (matching.some(({ Effect }) => Effect === 'Deny')) return false;
  const account = queueArn.split(':')[4];
  if (request.service === null && !request.anonymous && request.keys['aws:PrincipalAccount'] === account)
    return true;
  return matching.some(({ Effect }) => Effect === 'Allow');
}

function applies(statement: RawStatement, queueArn: string, request: Request): boolean {
  const { Action, NotAction, Resource, NotResource } = statement;
  const action = Action === undefined ? !all(NotAction).some(isSend) : all(Action).some(isSend);
  const resource =
    Resource === undefined
      ? !all(NotResource).some((one) => glob(one, queueArn))
      : all(Resource).some((one) => glob(one, queueArn));
  return action && resource && isMeant(statement, request) && conditionsHold(statement, request);
}

function isSend(action: string): boolean {
  return glob(action.toLowerCase(), 'sqs:sendmessage');
}

function isMeant({ Principal, NotPrincipal }: RawStatement, request: Request): boolean {
  if (Principal === '*') return true;
  if (Principal === undefined) return !matchesPrincipal(NotPrincipal as Record<string, unknown>, request);
  return matchesPrincipal(Principal as Record<string, unknown>, request);
}

function matchesPrincipal(map: Record<string, unknown>, { service, anonymous, keys }: Request): boolean {
  return Object.entries(map).some(([kind, values]) =>
    all(values).some((value) => {
      if (kind === 'Service') return service === value;
      if (kind !== 'AWS') return false;
      if (value === '*') return true;
      if (service !== null || anonymous) return false;
      const account = value.replace(/^arn:aws:iam::(\d+):root$/, '$1');
      return /^\d+$/.test(account)
        ? keys['aws:PrincipalAccount'] === account
        : keys['aws:PrincipalArn'] === value;
    }),
  );
}

function conditionsHold({ Condition = {} }: RawStatement, request: Request): boolean {
  return Object.entries(Condition).every(([operator, byKey]) =>
    Object.entries(byKey).every(([key, values]) =>
      clauseHolds(operator, request, readKey(request, key), all(values)),
    ),
  );
}

function readKey({ keys }: Request, name: string): string | undefined {
  return Object.entries(keys).find(([key]) => key.toLowerCase() === name.toLowerCase())?.[1];
}

/** A policy variable stands for the request's own value; without one, the text matches nothing. */
function filledIn(value: string, request: Request): string | undefined {
  const name = /^\$\{(.+)\}$/.exec(value)?.[1];
  return name === undefined ? value : readKey(request, name);
}

function clauseHolds(
  operator: string,
  request: Request,
  actual: string | undefined,
  wanted: string[],
): boolean {
  if (operator === 'Null') return (actual === undefined) === (wanted[0] === 'true');
  const quantifier = /^(ForAllValues|ForAnyValue):/.exec(operator)?.[1];
  const name = operator.replace(/^.*:/, '').replace(/IfExists$/, '');
  if (actual === undefined) {
    if (operator.endsWith('IfExists')) return true;
    if (quantifier) return quantifier === 'ForAllValues';
    return name.includes('Not');
  }
  const values = wanted.map((value) => filledIn(value, request)).filter((value) => value !== undefined);
  const matched = values.some((value) => compare(name.replace('Not', ''), actual, value));
  return name.includes('Not') ? !matched : matched;
}

function compare(name: string, actual: string, wanted: string): boolean {
  switch (name) {
    case 'StringEquals':
      return actual === wanted;
    case 'StringEqualsIgnoreCase':
    case 'Bool':
      return actual.toLowerCase() === wanted.toLowerCase();
    case 'StringLike':
      return glob(wanted, actual);
    case 'ArnEquals':
    case 'ArnLike': {
      const [a, b] = [split(actual), split(wanted)];
      return a.length === 6 && b.length === 6 && b.every((part, index) => glob(part, a[index] as string));
    }
    case 'IpAddress':
      return actual === wanted;
    case 'DateGreaterThan':
      return Date.parse(actual) > Date.parse(wanted);
    case 'NumericLessThan':
      return Number(actual) < Number(wanted);
    default:
      throw new Error(`not simulated: ${name}`);
  }
}

function split(arn: string): string[] {
  const [a, b, c, d, e, ...rest] = arn.split(':');
  return [a, b, c, d, e, rest.join(':')].filter((part): part is string => part !== undefined);
}

/** By walking both texts, not by a regular expression. */
function glob(pattern: string, text: string): boolean {
  let [at, star, resume] = [0, -1, 0];
  let index = 0;
  while (index < text.length) {
    if (pattern[at] === '*') {
      star = at;
      resume = index;
      at += 1;
    } else if (pattern[at] === '?' || pattern[at] === text[index]) {
      at += 1;
      index += 1;
    } else if (star >= 0) {
      at = star + 1;
      resume += 1;
      index = resume;
    } else return false;
  }
  return /^\**$/.test(pattern.slice(at));
}

function all(value: unknown): string[] {
  return (Array.isArray(value) ? value : [value]).map(String);
}
