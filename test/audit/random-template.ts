import { fc } from '../support/property-tests.js';

/** How one template is written: everything that people differ in. */
export interface Hand {
  step: 2 | 4;
  indentedLists: boolean;
  quote: "'" | '"';
  lineEnd: '\n' | '\r\n';
  endsOpen: boolean;
  comments: boolean;
  gaps: boolean;
  /** Every how many maps and lists one stands in one line; 0: none. */
  flow: number;
  form: 'yaml' | 'json' | 'minified' | 'tabs';
}

export type Plain = string | number | boolean | Plain[] | { [key: string]: Plain };

export const hand: fc.Arbitrary<Hand> = fc.record({
  step: fc.constantFrom(2, 4),
  indentedLists: fc.boolean(),
  quote: fc.constantFrom("'", '"'),
  lineEnd: fc.constantFrom('\n', '\r\n'),
  endsOpen: fc.boolean(),
  comments: fc.boolean(),
  gaps: fc.boolean(),
  flow: fc.constantFrom(0, 0, 2, 3, 5),
  form: fc.constantFrom('yaml', 'yaml', 'yaml', 'json', 'minified', 'tabs'),
});

const maybe = <T>(arbitrary: fc.Arbitrary<T>): fc.Arbitrary<T | undefined> =>
  fc.option(arbitrary, { nil: undefined });
const present = (entries: Record<string, Plain | undefined>): { [key: string]: Plain } =>
  Object.fromEntries(
    Object.entries(entries).filter((entry): entry is [string, Plain] => entry[1] !== undefined),
  );

const bus = fc.constantFrom<Plain | undefined>(undefined, 'default', 'aws.partner/stripe.com/ed_1', {
  Ref: 'Bus',
});
const source = fc.constantFrom<Plain>(
  'stripe.com',
  'aws.partner/stripe.com/ed_1',
  { Ref: 'Bus' },
  { prefix: 'aws.partner/stripe.com/' },
);
const text = fc.constantFrom(
  'plain words',
  'with: colon',
  "it's quoted",
  '  spaces ',
  '#no comment',
  'yes',
  '1.5',
  'a, b',
  'ünïcode',
);

const rule = fc
  .record({
    bus,
    source,
    state: maybe(fc.constantFrom('ENABLED', 'DISABLED')),
    retry: maybe(fc.constantFrom<Plain>({ MaximumRetryAttempts: 3 }, { MaximumEventAgeInSeconds: 60 })),
    queue: fc.boolean(),
  })
  .map(({ bus: on, source: from, state, retry, queue }) => ({
    own: present({ EventBusName: on, State: state }),
    pattern: { source: [from], 'detail-type': ['checkout.session.completed'] } as Plain,
    target: present({
      RetryPolicy: retry,
      DeadLetterConfig: queue ? { Arn: { 'Fn::GetAtt': ['Queue', 'Arn'] } } : undefined,
    }),
  }));

const extras = fc.dictionary(
  fc.constantFrom('Bucket', 'Table', 'Other', 'Topic2'),
  fc.record({
    Type: fc.constant('AWS::S3::Bucket'),
    Properties: fc.dictionary(fc.constantFrom('BucketName', 'Note', 'Tags'), text, { minKeys: 1 }),
  }),
);

const plainResources = fc
  .record({ rule, tags: maybe(text), memory: maybe(fc.nat(4)) })
  .map(({ rule: one, tags, memory }) => ({
    Rule: {
      Type: 'AWS::Events::Rule',
      Properties: {
        ...one.own,
        EventPattern: one.pattern,
        Targets: [{ Id: 't', Arn: { 'Fn::GetAtt': ['Handler', 'Arn'] }, ...one.target }],
      },
    },
    Handler: {
      Type: 'AWS::Lambda::Function',
      Properties: present({
        Runtime: 'nodejs22.x',
        Role: { 'Fn::GetAtt': ['Role', 'Arn'] },
        MemorySize: memory,
        Tags: tags === undefined ? undefined : [{ Key: 'Owner', Value: tags }],
      }),
    },
    Role: { Type: 'AWS::IAM::Role', Properties: { AssumeRolePolicyDocument: { Statement: [] } } },
  }));

const samResources = fc
  .record({ rule, tags: maybe(text), api: fc.boolean() })
  .map(({ rule: one, tags, api }) => ({
    Handler: {
      Type: 'AWS::Serverless::Function',
      Properties: present({
        Runtime: 'nodejs22.x',
        Events: {
          Stripe: {
            Type: 'EventBridgeRule',
            Properties: { ...one.own, Pattern: one.pattern, ...one.target },
          },
        },
        Tags: tags === undefined ? undefined : { Owner: tags },
      }),
    },
    Hook: {
      Type: 'AWS::Serverless::Function',
      Properties: {
        Events: {
          Stripe: {
            Type: 'Api',
            Properties: present({
              Path: '/webhooks/stripe',
              Method: 'post',
              RestApiId: api ? { Ref: 'Api' } : undefined,
            }),
          },
        },
      },
    },
    ...(api
      ? {
          Api: {
            Type: 'AWS::Serverless::Api',
            Properties: { StageName: 'Prod', Throttle: { BurstLimit: 7, RateLimit: 3 } },
          },
        }
      : {}),
  }));

const queue = { Queue: { Type: 'AWS::SQS::Queue', Properties: { VisibilityTimeout: 60 } } };
const alarm = {
  Alarm: {
    Type: 'AWS::CloudWatch::Alarm',
    Properties: {
      Namespace: 'AWS/Lambda',
      MetricName: 'Errors',
      Dimensions: [{ Name: 'FunctionName', Value: { 'Fn::GetAtt': ['Handler', 'Arn'] } }],
    },
  },
};

/** A template with a Stripe path in which this and that is missing or wrong. */
export const template: fc.Arbitrary<{ [key: string]: Plain }> = fc
  .record({
    description: maybe(text),
    resources: fc.oneof(plainResources, samResources),
    more: extras,
    withAlarm: fc.boolean(),
    first: fc.boolean(),
  })
  .map(({ description, resources, more, withAlarm, first }) =>
    present({
      Description: description,
      Parameters: { Bus: { Type: 'String', AllowedPattern: '^aws\\.partner/stripe.+$' } },
      Resources: {
        ...(first ? more : {}),
        ...(resources as { [key: string]: Plain }),
        ...queue,
        ...(withAlarm ? alarm : {}),
        ...(first ? {} : more),
      },
      Outputs: { Name: { Value: { Ref: 'Handler' } } },
    }),
  );

/** The template's text in that hand. Comments bear numbers, so that each can be found again. */
export function written(value: { [key: string]: Plain }, as: Hand): string {
  if (as.form === 'json') return JSON.stringify(value, null, as.step);
  if (as.form === 'tabs') return `${JSON.stringify(value, null, '\t')}\n`;
  if (as.form === 'minified') return JSON.stringify(value);
  const text = new Writer(as).map(value, '').join('\n');
  return (as.endsOpen ? text : `${text}\n`).replaceAll('\n', as.lineEnd);
}

class Writer {
  #comments = 0;
  #collections = 0;

  constructor(readonly as: Hand) {}

  map(value: { [key: string]: Plain }, indent: string): string[] {
    return Object.entries(value).flatMap(([key, item], index) => [
      ...(this.as.gaps && index > 0 && indent.length <= this.as.step ? [''] : []),
      ...(this.as.comments && (this.#comments + index) % 3 === 0
        ? [`${indent}# comment ${this.#comments++}`]
        : []),
      ...this.#entry(key, item, indent),
    ]);
  }

  #entry(key: string, value: Plain, indent: string): string[] {
    const inner = indent + ' '.repeat(this.as.step);
    const tail = this.as.comments && this.#comments % 2 === 0 ? ` # tail ${this.#comments++}` : '';
    if (this.#inline(value, indent)) return [`${indent}${this.#scalar(key)}: ${this.#flow(value)}${tail}`];
    if (Array.isArray(value)) {
      const at = this.as.indentedLists ? inner : indent;
      return [`${indent}${key}:${tail}`, ...value.flatMap((item) => this.#item(item, at))];
    }
    return [`${indent}${key}:${tail}`, ...this.map(value as { [key: string]: Plain }, inner)];
  }

  #item(value: Plain, indent: string): string[] {
    if (this.#inline(value, indent)) return [`${indent}- ${this.#flow(value)}`];
    const [first = '', ...rest] = this.map(value as { [key: string]: Plain }, `${indent}  `).filter(
      (line, index) => index > 0 || !line.trim().startsWith('#'),
    );
    return [`${indent}- ${first.trimStart()}`, ...rest];
  }

  #inline(value: Plain, indent: string): boolean {
    if (typeof value !== 'object' || isCall(value)) return true;
    const empty = Array.isArray(value) ? value.length === 0 : Object.keys(value).length === 0;
    // The sections themselves stay in lines, as in every template.
    return (
      empty || (indent.length > this.as.step && this.as.flow > 0 && ++this.#collections % this.as.flow === 0)
    );
  }

  #flow(value: Plain): string {
    if (typeof value !== 'object') return this.#scalar(value);
    if (isCall(value))
      return 'Ref' in value ? `!Ref ${value.Ref}` : `!GetAtt ${(value['Fn::GetAtt'] as string[]).join('.')}`;
    if (Array.isArray(value)) return `[${value.map((item) => this.#flow(item)).join(', ')}]`;
    return `{ ${Object.entries(value)
      .map(([key, item]) => `${this.#scalar(key)}: ${this.#flow(item)}`)
      .join(', ')} }`;
  }

  #scalar(value: string | number | boolean): string {
    if (
      typeof value !== 'string' ||
      (/^[A-Za-z][\w./:-]*[\w]$/.test(value) && !/^(yes|no|true|false)$/.test(value))
    )
      return String(value);
    return this.as.quote === '"' ? JSON.stringify(value) : `'${value.replaceAll("'", "''")}'`;
  }
}

const isCall = (value: Plain): value is { Ref: string } | { 'Fn::GetAtt': string[] } =>
  typeof value === 'object' &&
  !Array.isArray(value) &&
  Object.keys(value).length === 1 &&
  ('Ref' in value || 'Fn::GetAtt' in value);
