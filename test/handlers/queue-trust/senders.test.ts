import { describe, expect, it } from 'vitest';
import {
  findDeniedSenders,
  findOtherSenders,
  takesPlainHttp,
} from '../../../handlers/contract/queue-trust/senders.js';
import { isTrusted, trustedSince } from '../../../handlers/contract/queue-trust/trusted-since.js';
import { closing, openings } from '../../../src/checks/queue/senders.js';
import { fc, inputs } from '../../support/property-tests.js';
import { maySend, type RawStatement, type Request } from './simulate.js';

const ACCOUNT = '123456789012';
const OTHER = '999999999999';
const QUEUE = `arn:aws:sqs:eu-west-1:${ACCOUNT}:failures`;
const RULE = `arn:aws:events:eu-west-1:${ACCOUNT}:rule/partner/shop-stripe`;
const ROLE = `arn:aws:iam::${ACCOUNT}:role/handler`;
const ADMIN = `arn:aws:iam::${ACCOUNT}:role/admin`;
const EXPECTED = { rules: [RULE], roles: [ROLE] };
const CLOSED_TO_QUEUES = JSON.stringify({ redrivePermission: 'denyAll' });

const queue = (statements: readonly RawStatement[] | null) => ({
  arn: QUEUE,
  policy: statements === null ? null : JSON.stringify({ Version: '2012-10-17', Statement: statements }),
  redriveAllowPolicy: CLOSED_TO_QUEUES,
});
const deny = (Condition: RawStatement['Condition'], more: Partial<RawStatement> = {}): RawStatement => ({
  Effect: 'Deny',
  Principal: '*',
  Action: 'sqs:SendMessage',
  Resource: QUEUE,
  ...(Condition ? { Condition } : {}),
  ...more,
});
const allow = (Principal: unknown, Condition?: RawStatement['Condition']): RawStatement => ({
  Effect: 'Allow',
  Principal,
  Action: 'sqs:SendMessage',
  Resource: QUEUE,
  ...(Condition ? { Condition } : {}),
});
const others = (...statements: RawStatement[]) => findOtherSenders(queue(statements), EXPECTED);

const ONLY_RULE = deny({ ArnNotEquals: { 'aws:SourceArn': RULE } });
const ONLY_ROLE = deny({ ArnNotEquals: { 'aws:PrincipalArn': ROLE } });
const VARIABLE = '$' + '{aws:PrincipalArn}';
const SOMEBODY = 'anybody in the account whose own policy allows it may send';

describe('a queue is closed to all others', () => {
  it.each<[string, RawStatement[]]>([
    ['by a denial with the rule as its exception', [ONLY_RULE]],
    ['by one with the role as its exception', [ONLY_ROLE, allow({ AWS: ROLE })]],
    ['by one with both', [deny({ ArnNotEquals: { 'aws:SourceArn': [RULE], 'aws:PrincipalArn': [ROLE] } })]],
    [
      'where the operator is written otherwise',
      [deny({ StringNotEqualsIfExists: { 'AWS:SOURCEARN': RULE } })],
    ],
    ['where every action is denied', [{ ...ONLY_RULE, Action: ['s3:*', 'SQS:Send*'] }]],
    ['where all actions but others are denied', [{ ...ONLY_RULE, Action: undefined, NotAction: 'sqs:Get*' }]],
    ['where the queue is named by a pattern', [{ ...ONLY_RULE, Resource: `arn:aws:sqs:*:${ACCOUNT}:*` }]],
    ['by a denial for everybody', [deny(undefined)]],
    [
      'by a denial for all but the role',
      [deny(undefined, { Principal: undefined, NotPrincipal: { AWS: ROLE } })],
    ],
    [
      'by two whose exceptions meet in the rule alone',
      [
        deny({ ArnNotEquals: { 'aws:SourceArn': [RULE, 'arn:aws:sns:eu-west-1:1:a'] } }),
        deny({ ArnNotEquals: { 'aws:SourceArn': [RULE, 'arn:aws:sns:eu-west-1:1:b'] } }),
      ],
    ],
    [
      'to the account by a denial, and to the world by permissions alone',
      [
        deny(undefined, { Principal: { AWS: `arn:aws:iam::${ACCOUNT}:root` } }),
        allow({ Service: 'events.amazonaws.com' }, { ArnEquals: { 'aws:SourceArn': RULE } }),
      ],
    ],
    [
      'to services by one denial, and to people by another',
      [
        deny({ Bool: { 'aws:PrincipalIsAWSService': 'false' }, ArnNotEquals: { 'aws:PrincipalArn': ROLE } }),
        deny({ Bool: { 'aws:PrincipalIsAWSService': 'true' }, ArnNotEquals: { 'aws:SourceArn': RULE } }),
      ],
    ],
  ])('%s', (_how, statements) => {
    expect(others(...statements)).toEqual([]);
  });

  it.each<[string, RawStatement[], string]>([
    [
      'no denial',
      [allow({ Service: 'events.amazonaws.com' }, { ArnEquals: { 'aws:SourceArn': RULE } })],
      SOMEBODY,
    ],
    [
      'the whole account as its exception',
      [deny({ ArnNotLike: { 'aws:PrincipalArn': `arn:aws:iam::${ACCOUNT}:*` } })],
      `arn:aws:iam::${ACCOUNT}:* may send as well`,
    ],
    [
      'a second condition that the sender chooses',
      [deny({ ArnNotEquals: { 'aws:SourceArn': 'arn:aws:x' }, Bool: { 'aws:SecureTransport': 'false' } })],
      SOMEBODY,
    ],
    ['an exception for any value', [deny({ StringNotLike: { 'aws:PrincipalArn': '*' } })], SOMEBODY],
    [
      'an administrator as a further exception',
      [deny({ ArnNotEquals: { 'aws:PrincipalArn': [ROLE, ADMIN] } })],
      `${ADMIN} may send as well`,
    ],
    [
      'a policy variable',
      [deny({ StringNotEquals: { 'aws:PrincipalArn': VARIABLE } })],
      `${VARIABLE} may send as well`,
    ],
    ['a condition about addresses', [deny({ NotIpAddress: { 'aws:SourceIp': '10.0.0.0/8' } })], SOMEBODY],
    ['an operator that nobody knows', [deny({ StringIsNot: { 'aws:SourceArn': RULE } })], SOMEBODY],
    [
      'ForAnyValue, which holds for nobody without the key',
      [deny({ 'ForAnyValue:ArnNotEquals': { 'aws:SourceArn': RULE } })],
      SOMEBODY,
    ],
    [
      'a denial that only holds for those who have a key',
      [deny({ ArnNotEquals: { 'aws:SourceArn': RULE }, Null: { 'aws:SourceArn': 'false' } })],
      SOMEBODY,
    ],
    ['a denial of another action', [{ ...ONLY_RULE, Action: 'sqs:ReceiveMessage' }], SOMEBODY],
    [
      'a denial of all actions but this',
      [{ ...ONLY_RULE, Action: undefined, NotAction: 'sqs:Send*' }],
      SOMEBODY,
    ],
    ['a denial for another queue', [{ ...ONLY_RULE, Resource: `${QUEUE}-2` }], SOMEBODY],
    [
      'a denial for one user',
      [{ ...ONLY_RULE, Principal: { AWS: `arn:aws:iam::${ACCOUNT}:user/eve` } }],
      SOMEBODY,
    ],
    [
      'a denial for all but the account',
      [
        deny(undefined, {
          Principal: undefined,
          NotPrincipal: { AWS: [ROLE, `arn:aws:iam::${ACCOUNT}:root`] },
        }),
      ],
      SOMEBODY,
    ],
    [
      'every rule of EventBridge',
      [deny({ ArnNotLike: { 'aws:SourceArn': `arn:aws:events:*:${ACCOUNT}:rule/*` } })],
      `arn:aws:events:*:${ACCOUNT}:rule/* may send as well`,
    ],
    [
      'the rule in any spelling',
      [deny({ StringNotEqualsIgnoreCase: { 'aws:SourceArn': RULE } })],
      `${RULE} may send as well`,
    ],
    [
      'the role in any spelling, of which one is denied',
      [
        deny({ StringNotEqualsIgnoreCase: { 'aws:PrincipalArn': ROLE } }),
        deny(undefined, { Principal: { AWS: ROLE } }),
      ],
      `${ROLE} may send as well`,
    ],
    [
      'a service for anybody',
      [deny(undefined, { Principal: { AWS: ACCOUNT } }), allow({ Service: ['events.amazonaws.com'] })],
      'events.amazonaws.com may send as well',
    ],
    [
      'somebody of another account',
      [
        deny(undefined, { Principal: { AWS: ACCOUNT } }),
        allow({ AWS: `arn:aws:iam::${OTHER}:role/partner` }),
      ],
      `arn:aws:iam::${OTHER}:role/partner may send as well`,
    ],
    [
      'everybody',
      [deny(undefined, { Principal: { AWS: ACCOUNT } }), allow('*')],
      'anybody may send without signing in',
    ],
  ])('not by %s', (_how, statements, told) => {
    expect(others(...statements)).toContain(told);
  });

  it('not without a policy, nor by one that cannot be read', () => {
    expect(findOtherSenders(queue(null), EXPECTED)).toContain(SOMEBODY);
    expect(findOtherSenders({ ...queue([]), policy: '{' }, EXPECTED)).toEqual([
      'the policy cannot be read, so anybody may send',
    ]);
  });

  it('not while other queues may hand their messages over to it', () => {
    for (const redriveAllowPolicy of [
      null,
      '{"redrivePermission":"allowAll"}',
      '{"redrivePermission":"byQueue","sourceQueueArns":["q"]}',
      '?',
    ])
      expect(findOtherSenders({ ...queue([ONLY_RULE]), redriveAllowPolicy }, EXPECTED)).toEqual([
        'any queue of the account may hand its messages over, as its dead-letter queue',
      ]);
  });

  it('not by a policy with too many ways to be followed', () => {
    const many = Array.from({ length: 20 }, (_, index) =>
      deny({ StringNotLike: { 'aws:PrincipalArn': `*${index}*`, 'aws:SourceArn': `*${index}*` } }),
    );
    expect(others(...many)).not.toEqual([]);
  });
});

it('tells which of its own senders a policy keeps out, and whether messages come without TLS', () => {
  const tls = deny({ Bool: { 'aws:SecureTransport': 'false' } }, { Action: 'sqs:*' });
  expect(findDeniedSenders(queue([ONLY_RULE]), EXPECTED)).toEqual([ROLE]);
  expect(findDeniedSenders(queue([ONLY_RULE, ONLY_ROLE]), EXPECTED)).toEqual([RULE, ROLE]);
  expect(findDeniedSenders(queue([tls]), EXPECTED)).toEqual([]);
  expect(takesPlainHttp(queue([ONLY_RULE]))).toBe(true);
  expect(takesPlainHttp(queue([ONLY_RULE, tls]))).toBe(false);
});

describe('what was sent', () => {
  const modifiedAt = Date.parse('2026-11-20T10:00:00Z');
  const closed = { ...queue([ONLY_RULE]), modifiedAt };
  const at = (time: string) => Date.parse(time);

  it('is trusted a minute after the last change of the queue, and not before', () => {
    const since = trustedSince(closed, EXPECTED);
    expect(isTrusted(at('2026-11-20T09:59:59Z'), since)).toBe(false);
    expect(isTrusted(at('2026-11-20T10:00:59Z'), since)).toBe(false);
    expect(isTrusted(at('2026-11-20T10:01:02Z'), since)).toBe(true);
  });

  it('is never trusted where a time is not known, or the queue is open', () => {
    expect(isTrusted(null, trustedSince(closed, EXPECTED))).toBe(false);
    expect(trustedSince({ ...closed, modifiedAt: null }, EXPECTED)).toBeNull();
    expect(trustedSince({ ...closed, policy: null }, EXPECTED)).toBeNull();
  });
});

// ---- Beside an evaluator that simulates each sender ----

const concrete = {
  sources: [
    RULE,
    `arn:aws:events:eu-west-1:${ACCOUNT}:rule/other`,
    RULE.toUpperCase(),
    `arn:aws:sns:eu-west-1:${OTHER}:topic`,
  ],
  principals: [
    ROLE,
    ADMIN,
    `arn:aws:iam::${ACCOUNT}:user/eve`,
    ROLE.toUpperCase().replace('ARN:AWS:IAM', 'arn:aws:iam'),
  ],
  foreign: [`arn:aws:iam::${OTHER}:role/handler`, `arn:aws:iam::${OTHER}:role/partner`],
  services: ['events.amazonaws.com', 'sns.amazonaws.com'],
};
/** Every sender that the generated policies can tell from another. */
const SENDERS: Request[] = [undefined, ...concrete.sources].flatMap((source) =>
  ['true', 'false'].flatMap((secure) =>
    ['10.0.0.1', '10.0.0.2'].flatMap((address, index) => {
      const common = {
        'aws:SecureTransport': secure,
        'aws:SourceIp': address,
        'aws:CurrentTime': index === 0 ? '2026-11-01T00:00:00Z' : '2026-12-01T00:00:00Z',
        'aws:MultiFactorAuthAge': index === 0 ? '10' : '1000',
        ...(source ? { 'aws:SourceArn': source, 'aws:SourceAccount': source.split(':')[4] ?? '' } : {}),
      };
      const person = (arn: string, account: string): Request => ({
        anonymous: false,
        service: null,
        keys: {
          ...common,
          'aws:PrincipalArn': arn,
          'aws:PrincipalAccount': account,
          'aws:PrincipalIsAWSService': 'false',
          // Whoever may make roles may tag them.
          ...(index === 0 ? { 'aws:PrincipalTag/team': 'shop', 'aws:PrincipalOrgID': 'o-shop' } : {}),
        },
      });
      return [
        ...concrete.principals.map((arn) => person(arn, ACCOUNT)),
        ...concrete.foreign.map((arn) => person(arn, OTHER)),
        ...concrete.services.map((service) => ({
          anonymous: false,
          service,
          keys: { ...common, 'aws:PrincipalIsAWSService': 'true' },
        })),
        { anonymous: true, service: null, keys: common },
      ];
    }),
  ),
);
const isExpected = ({ keys }: Request) => keys['aws:SourceArn'] === RULE || keys['aws:PrincipalArn'] === ROLE;

const arns = [...concrete.sources, ...concrete.principals, ...concrete.foreign];
const patterns = [
  '*',
  `arn:aws:iam::${ACCOUNT}:*`,
  `arn:aws:iam::*:role/handler`,
  `arn:aws:events:*:${ACCOUNT}:rule/*`,
  `arn:aws:iam::${ACCOUNT}:role/?????`,
];
const comparing = [
  'StringEquals',
  'StringNotEquals',
  'StringLike',
  'StringNotLike',
  'ArnEquals',
  'ArnNotEquals',
  'ArnLike',
  'ArnNotLike',
];
const some = <T>(values: readonly T[]) =>
  fc.uniqueArray(fc.constantFrom(...values), { minLength: 1, maxLength: 2 });
const oneOrList = <T>(values: readonly T[]) =>
  some(values).map((list) => (list.length === 1 ? list[0] : list));
const likely = fc.oneof(
  { weight: 3, arbitrary: fc.constantFrom(['aws:SourceArn', RULE], ['aws:PrincipalArn', ROLE]) },
  {
    weight: 1,
    arbitrary: fc.tuple(
      fc.constantFrom('aws:SourceArn', 'AWS:PrincipalArn'),
      oneOrList([...arns, ...patterns]),
    ),
  },
);
const clause = fc.oneof(
  {
    weight: 5,
    arbitrary: fc
      .tuple(
        fc.constantFrom('', '', '', 'ForAllValues:', 'ForAnyValue:'),
        fc.constantFrom(
          ...comparing,
          'StringNotEquals',
          'ArnNotEquals',
          'StringNotEqualsIgnoreCase',
          'StringEqualsIgnoreCase',
        ),
        fc.constantFrom('', '', 'IfExists'),
        likely,
      )
      .map(([quantifier, name, suffix, [key, values]]) => ({
        [`${quantifier}${name}${suffix}`]: { [key as string]: values },
      })),
  },
  fc
    .tuple(
      fc.constantFrom('aws:SecureTransport', 'aws:PrincipalIsAWSService'),
      fc.constantFrom('true', 'false'),
    )
    .map(([key, value]) => ({ Bool: { [key]: value } })),
  fc
    .tuple(
      fc.constantFrom('aws:SourceArn', 'aws:PrincipalArn', 'aws:PrincipalIsAWSService'),
      fc.constantFrom('true', 'false'),
    )
    .map(([key, value]) => ({ Null: { [key]: value } })),
  fc
    .constantFrom('StringEquals', 'StringNotEquals')
    .map((name) => ({ [name]: { 'aws:PrincipalAccount': ACCOUNT } })),
  fc.constantFrom('IpAddress', 'NotIpAddress').map((name) => ({ [name]: { 'aws:SourceIp': '10.0.0.1' } })),
  fc.constantFrom<Record<string, Record<string, unknown>>>(
    { DateGreaterThan: { 'aws:CurrentTime': '2026-11-15T00:00:00Z' } },
    { NumericLessThan: { 'aws:MultiFactorAuthAge': '300' } },
    { StringNotEquals: { 'aws:PrincipalTag/team': 'shop' } },
    { StringNotEquals: { 'aws:PrincipalOrgID': ['o-shop', 'o-other'] } },
    { StringNotEquals: { 'aws:SourceAccount': ACCOUNT } },
    { ArnNotEquals: { 'aws:PrincipalArn': VARIABLE } },
    { StringNotLike: { 'aws:SourceArn': VARIABLE } },
    // As the template has it: several keys under one operator, all of which must hold.
    { ArnNotEquals: { 'aws:SourceArn': RULE, 'aws:PrincipalArn': ROLE } },
    { ArnNotEquals: { 'aws:SourceArn': RULE, 'aws:PrincipalArn': ADMIN } },
    { StringNotEquals: { 'aws:SourceArn': RULE, 'aws:PrincipalTag/team': 'shop' } },
  ),
);
/** All that two clauses say, also where they have the operator in common. */
const merged = (clauses: readonly Record<string, Record<string, unknown>>[]) => {
  const all: Record<string, Record<string, unknown>> = {};
  for (const one of clauses)
    for (const [operator, keys] of Object.entries(one)) all[operator] = { ...keys, ...all[operator] };
  return all;
};
const principal = fc.oneof(
  { weight: 4, arbitrary: fc.constantFrom<unknown>('*', { AWS: '*' }, { AWS: ['*', ROLE] }) },
  {
    weight: 2,
    arbitrary: oneOrList([
      ACCOUNT,
      `arn:aws:iam::${ACCOUNT}:root`,
      ROLE,
      ADMIN,
      OTHER,
      concrete.foreign[0] as string,
    ]).map((AWS) => ({ AWS })),
  },
  oneOrList(concrete.services).map((Service) => ({ Service })),
  fc.constantFrom({ Service: 'events.amazonaws.com', AWS: ROLE }),
);
const statement: fc.Arbitrary<RawStatement> = fc
  .record({
    Effect: fc.constantFrom('Deny', 'Deny', 'Allow'),
    who: fc.oneof(
      { weight: 6, arbitrary: principal.map((Principal) => ({ Principal })) },
      { weight: 1, arbitrary: oneOrList([ROLE, ADMIN, ACCOUNT]).map((AWS) => ({ NotPrincipal: { AWS } })) },
    ),
    what: fc.constantFrom(
      { Action: 'sqs:SendMessage' },
      { Action: 'sqs:SendMessage' },
      { Action: ['sqs:Receive*', 'SQS:*'] },
      { NotAction: 'sqs:ReceiveMessage' },
      { NotAction: ['sqs:Send*'] },
      { Action: 'sqs:DeleteMessage' },
    ),
    where: fc.constantFrom(
      { Resource: QUEUE },
      { Resource: QUEUE },
      { Resource: '*' },
      { Resource: ['arn:aws:sqs:*:*:fail*'] },
      { Resource: `${QUEUE}2` },
      { NotResource: `${QUEUE}2` },
    ),
    conditions: fc.array(clause, { maxLength: 3 }),
  })
  .map(({ Effect, who, what, where, conditions }) => ({
    Effect,
    ...who,
    ...what,
    ...where,
    ...(conditions.length > 0 ? { Condition: merged(conditions) } : {}),
  }));
const policy = fc.array(statement, { minLength: 1, maxLength: 4 });

describe('beside an evaluator that simulates each sender', () => {
  const isAboutOwn = (told: string) => !/may send|may hand/.test(told) || /may not send$/.test(told);
  const isByRule = ({ service, keys }: Request) =>
    service === 'events.amazonaws.com' && keys['aws:SourceArn'] === RULE;
  const isByRole = ({ keys }: Request) =>
    keys['aws:PrincipalArn'] === ROLE && keys['aws:SourceArn'] === undefined;
  const simulated = (statements: RawStatement[]) =>
    SENDERS.find((sender) => !isExpected(sender) && maySend(statements, QUEUE, sender));

  it('a queue is never taken for closed when somebody else may send, by replay or by the drain', () => {
    let closed = 0;
    fc.assert(
      fc.property(policy, (statements) => {
        const isClosed = others(...statements).length === 0;
        const changed = { ...queue(statements), modifiedAt: 0 };
        expect(trustedSince(changed, EXPECTED) !== null).toBe(isClosed);
        // The drain expects the rule or the handler, and does not know which of its queues is whose.
        const byDrain = trustedSince(changed, { rules: [RULE], roles: [] }, { rules: [], roles: [ROLE] });
        if (byDrain !== null) expect(isClosed).toBe(true);
        if (!isClosed) return;
        closed += 1;
        expect(simulated(statements)).toBeUndefined();
      }),
      { numRuns: inputs(2_000) },
    );
    expect(closed).toBeGreaterThan(200);
  });

  it('doctor tells of the same, and what its fix closes is closed, whatever stood in the policy', () => {
    fc.assert(
      fc.property(policy, (statements) => {
        const fixed = closing(queue(statements), EXPECTED);
        const { Statement } = JSON.parse(fixed.policy) as { Statement: RawStatement[] };
        expect(simulated(Statement)).toBeUndefined();
        expect(findOtherSenders({ arn: QUEUE, ...fixed }, EXPECTED)).toEqual([]);
        // Whatever else it tells is of the path's own senders, or of TLS.
        const { missing, extra } = openings(queue(statements), EXPECTED);
        const isClosed = [...missing, ...extra].every(isAboutOwn);
        expect(isClosed).toBe(others(...statements).length === 0);
      }),
      { numRuns: inputs(300) },
    );
  });

  it('a sender of the path that is said to be kept out is kept out', () => {
    const own: Request[] = SENDERS.filter(
      (one) => isExpected(one) && one.keys['aws:SecureTransport'] === 'true',
    );
    fc.assert(
      fc.property(policy, (statements) => {
        const denied = findDeniedSenders(queue(statements), EXPECTED);
        const mayAll = (request: Request) =>
          maySend([...statements, allow('*')], QUEUE, request) ? request : undefined;
        if (denied.includes(RULE)) expect(own.filter(isByRule).find(mayAll)).toBeUndefined();
        if (denied.includes(ROLE)) expect(own.filter(isByRole).find(mayAll)).toBeUndefined();
      }),
      { numRuns: inputs(1_000) },
    );
  });

  it('a queue that nobody else may send to is taken for open only where a value is beyond evaluation', () => {
    let cautious = 0;
    let compared = 0;
    fc.assert(
      fc.property(policy, (statements) => {
        if (simulated(statements)) return;
        compared += 1;
        if (others(...statements).length > 0) cautious += 1;
      }),
      { numRuns: inputs(1_000) },
    );
    // Addresses, spellings, and one-part patterns for ARNs: what AWS could tell and this does not.
    expect(cautious / compared).toBeLessThan(0.1);
  });
});
