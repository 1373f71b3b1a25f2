import { describe, expect, it } from 'vitest';
import { property, resource, resourcesOf, type Tag, template } from './read-template.js';

const RULE_ARN = {
  'Fn::Sub':
    // biome-ignore lint/suspicious/noTemplateCurlyInString: CloudFormation's own placeholders
    'arn:${AWS::Partition}:events:${AWS::Region}:${AWS::AccountId}:rule/${PartnerEventBusName}/${AWS::StackName}-stripe',
};

/** Types whose schema has no Tags (FACTS: queue policy, permission, invoke config, archive...). */
const UNTAGGABLE = [
  ...[
    'AWS::Lambda::Permission',
    'AWS::Lambda::EventInvokeConfig',
    'AWS::Events::Archive',
    'AWS::SQS::QueuePolicy',
  ],
  ...[
    'AWS::SNS::TopicPolicy',
    'AWS::SNS::Subscription',
    'AWS::IAM::ManagedPolicy',
    'AWS::ApiGateway::Resource',
  ],
  ...['AWS::ApiGateway::Method', 'AWS::ApiGateway::Deployment'],
];

interface Target {
  Arn: unknown;
  RetryPolicy: { MaximumRetryAttempts: number; MaximumEventAgeInSeconds: number };
  DeadLetterConfig: { Arn: unknown };
}

describe('the rule', () => {
  it('is enabled, described, on the partner bus, with explicit retries and a dead-letter queue', () => {
    expect(property('StripeEventRule', 'State')).toBe('ENABLED');
    expect(property('StripeEventRule', 'Description')).toBeTruthy();
    expect(property('StripeEventRule', 'EventBusName')).toEqual({ Ref: 'PartnerEventBusName' });
    const [target, ...others] = property('StripeEventRule', 'Targets') as Target[];
    expect(others).toEqual([]);
    expect(target?.Arn).toEqual({ 'Fn::GetAtt': ['StripeEventFunction', 'Arn'] });
    expect(target?.RetryPolicy).toEqual({ MaximumRetryAttempts: 185, MaximumEventAgeInSeconds: 86400 });
    expect(target?.DeadLetterConfig.Arn).toEqual({ 'Fn::GetAtt': ['DeliveryFailuresQueue', 'Arn'] });
  });

  it('comes after all that its first event needs, and may invoke and dead-letter by its exact ARN', () => {
    expect(resource('StripeEventRule').DependsOn).toEqual([
      'StripeEventPermission',
      'DeliveryFailuresQueuePolicy',
      'StripeEventInvokeConfig',
    ]);
    expect(property('StripeEventPermission', 'SourceArn')).toEqual(RULE_ARN);
    expect(property('StripeEventPermission', 'SourceAccount')).toBeUndefined();
    const name = property('StripeEventRule', 'Name') as { 'Fn::Sub': string };
    expect(RULE_ARN['Fn::Sub'].endsWith(`/${name['Fn::Sub']}`)).toBe(true);
  });
});

describe('the queues', () => {
  it('keep payments for 14 days, encrypted, beyond the stack, and never move a message by themselves', () => {
    const queues = resourcesOf('AWS::SQS::Queue');
    expect(queues).toHaveLength(3);
    for (const [id, queue] of queues) {
      expect(queue.UpdateReplacePolicy, id).toBe('Retain');
      expect(queue.DeletionPolicy, id).toBe('RetainExceptOnCreate');
      expect(queue.Properties, id).toMatchObject({
        MessageRetentionPeriod: 1209600,
        SqsManagedSseEnabled: true,
      });
      expect(queue.Properties, id).not.toHaveProperty('RedrivePolicy');
      expect(queue.Properties, id).not.toHaveProperty('QueueName');
    }
  });

  it.each([
    ['DeliveryFailuresQueuePolicy', 'aws:SourceArn', RULE_ARN],
    ['FunctionFailuresQueuePolicy', 'aws:PrincipalArn', { 'Fn::GetAtt': ['StripeEventRole', 'Arn'] }],
  ])('%s: one sender, and only over TLS', (id, key, sender) => {
    const statements = property(id, 'PolicyDocument.Statement') as Record<string, unknown>[];
    expect(statements.filter((s) => s.Effect === 'Allow')).toHaveLength(1);
    expect(statements).toContainEqual(
      expect.objectContaining({
        Effect: 'Deny',
        Principal: '*',
        Action: 'sqs:SendMessage',
        Condition: { ArnNotEquals: { [key]: sender } },
      }),
    );
    expect(statements).toContainEqual(
      expect.objectContaining({
        Effect: 'Deny',
        Principal: '*',
        Action: 'sqs:*',
        Condition: { Bool: { 'aws:SecureTransport': 'false' } },
      }),
    );
  });
});

describe('the functions', () => {
  it('trace, log to groups of their own with retention, and may run with reserved concurrency', () => {
    for (const [id] of resourcesOf('AWS::Lambda::Function')) {
      expect(property(id, 'TracingConfig.Mode'), id).toBe('Active');
      const group = property(id, 'LoggingConfig.LogGroup') as { Ref: string };
      expect(property(group.Ref, 'RetentionInDays'), id).toEqual({ Ref: 'LogRetentionDays' });
      expect(property(group.Ref, 'LogGroupName'), id).toEqual({
        'Fn::Sub': expect.stringContaining('AWS::StackName'),
      });
    }
    for (const id of ['StripeEventFunction', 'StripeWebhookFunction'])
      expect(property(id, 'ReservedConcurrentExecutions')).toEqual({
        'Fn::If': ['HasReservedConcurrency', { Ref: 'ReservedConcurrency' }, { Ref: 'AWS::NoValue' }],
      });
    expect(template.Parameters?.LogRetentionDays?.Default).toBe(14);
  });

  it('retry explicitly and keep what failed in a queue that the role may write to', () => {
    expect(resource('StripeEventInvokeConfig').Properties).toMatchObject({
      MaximumRetryAttempts: 2,
      MaximumEventAgeInSeconds: 21600,
      Qualifier: '$LATEST',
      DestinationConfig: { OnFailure: { Destination: { 'Fn::GetAtt': ['FunctionFailuresQueue', 'Arn'] } } },
    });
    expect(statementsOf('StripeEventRole')).toContainEqual(
      expect.objectContaining({
        Action: 'sqs:SendMessage',
        Resource: { 'Fn::GetAtt': ['FunctionFailuresQueue', 'Arn'] },
      }),
    );
  });

  it('have roles without wildcard actions, and wildcard resources only where AWS knows no others', () => {
    for (const [id] of resourcesOf('AWS::IAM::Role'))
      for (const statement of statementsOf(id)) {
        for (const action of [statement.Action].flat()) expect(action).not.toContain('*');
        if (statement.Resource === '*')
          expect([statement.Action].flat().every((a) => /^xray:Put/.test(a))).toBe(true);
      }
  });
});

it('tags everything that can be tagged', () => {
  for (const [id, { Type, Properties }] of Object.entries(template.Resources)) {
    if (UNTAGGABLE.includes(Type)) continue;
    const tags = (Properties?.Tags ?? []) as Tag[];
    expect(tags.map((tag) => tag.Key).sort(), id).toEqual([
      'Component',
      'Environment',
      'ManagedBy',
      'Service',
    ]);
  }
});

it('throttles the webhook', () => {
  expect(property('WebhookStage', 'MethodSettings')).toEqual([
    expect.objectContaining({
      ResourcePath: '/*',
      HttpMethod: '*',
      ThrottlingRateLimit: { Ref: 'ThrottleRate' },
      ThrottlingBurstLimit: { Ref: 'ThrottleBurst' },
    }),
  ]);
});

interface Statement {
  Action: string | string[];
  Resource: unknown;
}

function statementsOf(role: string): Statement[] {
  const policies = property(role, 'Policies') as { PolicyDocument: { Statement: Statement[] } }[];
  return policies.flatMap((policy) => policy.PolicyDocument.Statement);
}
