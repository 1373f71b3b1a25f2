// biome-ignore-all lint/suspicious/noTemplateCurlyInString: CloudFormation writes its references like that.
import { describe, expect, it } from 'vitest';
import { auditText } from '../../src/audit/audit.js';
import { chooseRules } from '../../src/audit/choose.js';
import { RULES } from '../../src/audit/rules/registry.js';
import { audit, diffOf, idsOf, mend, read, said } from './support.js';

/** A plain CloudFormation path on which nothing is wrong that the tests below do not break themselves. */
const PLAIN = `
Parameters:
  Bus:
    Type: String
    AllowedPattern: ^aws\\.partner/stripe\\.com/.+$
Conditions:
  IsProd: !Equals [!Ref AWS::StackName, prod]
Resources:
  Rule:
    Type: AWS::Events::Rule
    Properties:
      Name: !Sub \${AWS::StackName}-stripe
      Description: Delivers Stripe events.
      EventBusName: !Ref Bus
      State: ENABLED
      EventPattern:
        source: [!Ref Bus]
        detail-type: [checkout.session.completed, checkout.session.async_payment_succeeded, checkout.session.async_payment_failed]
      Targets:
        - Id: handler
          Arn: !GetAtt Handler.Arn
          RetryPolicy: { MaximumRetryAttempts: 185, MaximumEventAgeInSeconds: 86400 }
          DeadLetterConfig: { Arn: !GetAtt Undelivered.Arn }
  Permission:
    Type: AWS::Lambda::Permission
    Properties:
      FunctionName: !Ref Handler
      Action: lambda:InvokeFunction
      Principal: events.amazonaws.com
      SourceArn: !GetAtt Rule.Arn
  Handler:
    Type: AWS::Lambda::Function
    Properties:
      Runtime: nodejs22.x
      Handler: index.handler
      Code: { S3Bucket: b, S3Key: k }
      Role: !GetAtt Role.Arn
  Role:
    Type: AWS::IAM::Role
    Properties:
      AssumeRolePolicyDocument: {}
      Policies:
        - PolicyName: logs
          PolicyDocument:
            Statement:
              - { Effect: Allow, Action: [logs:CreateLogStream, logs:PutLogEvents], Resource: !GetAtt Logs.Arn }
  Logs:
    Type: AWS::Logs::LogGroup
    Properties: { RetentionInDays: 14 }
  Undelivered:
    Type: AWS::SQS::Queue
    Properties: { MessageRetentionPeriod: 1209600, SqsManagedSseEnabled: true }
  UndeliveredPolicy:
    Type: AWS::SQS::QueuePolicy
    Properties:
      Queues: [!Ref Undelivered]
      PolicyDocument:
        Statement:
          - Effect: Allow
            Principal: { Service: events.amazonaws.com }
            Action: sqs:SendMessage
            Resource: !GetAtt Undelivered.Arn
            Condition: { ArnEquals: { aws:SourceArn: !GetAtt Rule.Arn } }
          - Effect: Deny
            Principal: '*'
            Action: sqs:*
            Resource: !GetAtt Undelivered.Arn
            Condition: { Bool: { aws:SecureTransport: 'false' } }
`;

const but = (from: string | RegExp, to: string): string => {
  const changed = PLAIN.replace(from, to);
  if (changed === PLAIN) throw new Error(`nothing to replace: ${from}`);
  return changed;
};
/** With an alarm on the metric, and these dimensions. */
const watching = (namespace: string, metric: string, dimensions: string): string => `${PLAIN}
  Alarm:
    Type: AWS::CloudWatch::Alarm
    Properties:
      Namespace: ${namespace}
      MetricName: ${metric}
      Dimensions: ${dimensions}
      AlarmActions: [arn:aws:sns:eu-west-1:123456789012:ops]
`;

describe('a rule', () => {
  it('on a partner bus is on the right one, however the bus is named', () => {
    expect(said(PLAIN, 'eventbridge.rule-bus')).toEqual([]);
    for (const bus of [
      'aws.partner/stripe.com/ed_123',
      '!Sub aws.partner/stripe.com/${AWS::StackName}',
      '!ImportValue StripeBus',
    ])
      expect(said(but('EventBusName: !Ref Bus', `EventBusName: ${bus}`), 'eventbridge.rule-bus')).toEqual([]);
  });

  it.each([
    ['the default bus by name', 'EventBusName: default', 'Rule stands on default.'],
    [
      'the default bus by ARN',
      'EventBusName: !Sub arn:aws:events:${AWS::Region}:1:event-bus/default',
      'Rule stands on arn:',
    ],
    ['a bus of its own', 'EventBusName: orders', 'Rule stands on orders.'],
    [
      'the default bus in one branch',
      'EventBusName: !If [IsProd, !Ref Bus, default]',
      'Rule stands on default when IsProd is false.',
    ],
    [
      'the default bus where nothing is said in one branch',
      'EventBusName: !If [IsProd, !Ref Bus, !Ref AWS::NoValue]',
      'no bus, which means "default" when IsProd is false',
    ],
  ])('on %s is on the wrong one', (_what, bus, words) => {
    expect(said(but('EventBusName: !Ref Bus', bus), 'eventbridge.rule-bus')).toEqual([
      expect.stringContaining(words),
    ]);
  });

  it('on a bus whose parameter is "default" by default loses the default', () => {
    const text = but('AllowedPattern: ^aws\\.partner/stripe\\.com/.+$', 'Default: default');
    expect(said(text, 'eventbridge.rule-bus')).toEqual([
      expect.stringContaining('Bus, "default" by default'),
    ]);
    const { text: mended, after } = mend(text.replace('source: [!Ref Bus]', 'source: [stripe.com]'));
    expect(mended).toContain('source: [!Ref Bus]');
    expect(mended).toContain("AllowedPattern: '^aws");
    expect(mended).not.toContain('Default: default');
    expect(idsOf(after)).not.toContain('eventbridge.rule-bus');
  });

  it('judges no branch of a condition that its own condition excludes', () => {
    const text = but(
      '  Rule:\n    Type: AWS::Events::Rule',
      '  Rule:\n    Type: AWS::Events::Rule\n    Condition: IsProd',
    ).replace('EventBusName: !Ref Bus', 'EventBusName: !If [IsProd, !Ref Bus, default]');
    expect(said(text, 'eventbridge.rule-bus')).toEqual([]);
  });

  it.each([
    ['[stripe.com]', 'stripe.com'],
    ['[aws.partner/stripe]', 'aws.partner/stripe'],
    ['stripe.com', 'stripe.com'],
    ['[{ prefix: stripe }]', 'a filter'],
    ['!If [IsProd, [!Ref Bus], [stripe.com]]', 'stripe.com'],
  ])('that waits for the source %s matches nothing', (source, shown) => {
    expect(said(but('source: [!Ref Bus]', `source: ${source}`), 'eventbridge.pattern')).toEqual([
      expect.stringContaining(`waits for the source ${shown}, which no event of Stripe's carries`),
    ]);
  });

  it.each([
    '[aws.partner/stripe.com/ed_1]',
    '[{ prefix: aws.partner/stripe.com }]',
    '[{ prefix: aws.partner/ }]',
    '[!Sub "aws.partner/stripe.com/${Bus}"]',
  ])('that waits for the source %s matches', (source) => {
    expect(said(but('source: [!Ref Bus]', `source: ${source}`), 'eventbridge.pattern')).toEqual([]);
  });

  it('that waits for another source than its bus has matches nothing', () => {
    const text = but('EventBusName: !Ref Bus', 'EventBusName: aws.partner/stripe.com/ed_1').replace(
      'source: [!Ref Bus]',
      'source: [aws.partner/stripe.com/ed_2]',
    );
    expect(said(text, 'eventbridge.pattern')).toEqual([
      expect.stringContaining('on the bus of another source'),
    ]);
    expect(mend(text).text).toContain('source: [aws.partner/stripe.com/ed_1]');
  });

  it("that waits for a type that is none of Stripe's matches nothing", () => {
    const text = but(/detail-type: .*/, 'detail-type: [Checkout Session Completed]');
    expect(said(text, 'eventbridge.pattern')).toEqual([expect.stringContaining('which Stripe never sends')]);
    expect(mend(text).text).toContain('detail-type: [checkout.session.completed]');
  });

  it('that leaves out how delayed payments end says so, and leaves the choice to a person', () => {
    const text = but(/detail-type: .*/, 'detail-type: [checkout.session.completed]');
    const [finding] = audit(text).findings.filter((one) => one.id === 'eventbridge.pattern');
    expect([finding?.outcome, finding?.patch]).toEqual(['warn', null]);
  });

  it('is found when it only has a type, or only a bus', () => {
    expect(audit(but('source: [!Ref Bus]\n        ', '')).path.rules).toEqual(['Rule']);
    expect(
      audit(
        but(
          /EventPattern:[\s\S]*?Targets/,
          'EventPattern: { account: [!Ref AWS::AccountId] }\n      Targets',
        ),
      ).path.rules,
    ).toEqual(['Rule']);
  });

  it('that is disabled is told, and not enabled by itself', () => {
    const text = but('State: ENABLED', 'State: DISABLED');
    const [finding] = audit(text).findings.filter((one) => one.id === 'eventbridge.rule-enabled');
    expect([finding?.outcome, finding?.patch]).toEqual(['fail', null]);
  });

  it('that names the function instead of its ARN is corrected', () => {
    const text = but('Arn: !GetAtt Handler.Arn', 'Arn: !Ref Handler');
    expect(said(text, 'eventbridge.target')).toEqual(['Rule names Handler where its ARN belongs.']);
    expect(mend(text).text).toBe(mend(PLAIN).text);
  });

  it('without a target, or with one that is not there, is told', () => {
    expect(said(but(/Targets:[\s\S]*?Undelivered.Arn }\n/, 'Targets: []\n'), 'eventbridge.target')).toEqual([
      'Rule has no target.',
    ]);
    expect(said(but('Arn: !GetAtt Handler.Arn', 'Arn: !GetAtt Handlre.Arn'), 'eventbridge.target')).toEqual([
      'Rule sends to Handlre, which the template does not have.',
    ]);
  });

  it.each([
    [
      'the permission has a SourceAccount',
      'SourceArn: !GetAtt Rule.Arn',
      'SourceArn: !GetAtt Rule.Arn\n      SourceAccount: !Ref AWS::AccountId',
      'SourceAccount',
    ],
    [
      'the bus is missing in the ARN',
      'SourceArn: !GetAtt Rule.Arn',
      'SourceArn: !Sub arn:aws:events:${AWS::Region}:${AWS::AccountId}:rule/${AWS::StackName}-stripe',
      'is not that of the rule',
    ],
    [
      'it is for another service',
      'Principal: events.amazonaws.com',
      'Principal: sns.amazonaws.com',
      'Nothing lets Rule invoke Handler',
    ],
  ])('may not invoke the function when %s', (_what, from, to, words) => {
    const text = but(from, to);
    expect(said(text, 'eventbridge.permission')).toEqual([expect.stringContaining(words)]);
    expect(said(mend(text).text, 'eventbridge.permission')).toEqual([]);
  });

  it.each([
    '!Sub arn:aws:events:${AWS::Region}:${AWS::AccountId}:rule/${Bus}/${AWS::StackName}-stripe',
    '!Sub arn:aws:events:${AWS::Region}:${AWS::AccountId}:rule/*',
    '!Join ["", ["arn:aws:events:eu-west-1:1:rule/", !Ref Bus, "/", !Ref AWS::StackName, "-stripe"]]',
  ])('may invoke the function by %s', (arn) => {
    expect(said(but('SourceArn: !GetAtt Rule.Arn', `SourceArn: ${arn}`), 'eventbridge.permission')).toEqual(
      [],
    );
  });

  it('has a dead-letter queue that lets it in, or gets one', () => {
    expect(said(PLAIN, 'eventbridge.dlq')).toEqual([]);
    const without = but(/ {10}DeadLetterConfig.*\n/, '');
    expect(said(without, 'eventbridge.dlq')).toEqual([
      'Rule has no dead-letter queue for what it cannot deliver.',
    ]);
    expect(said(mend(without).text, 'eventbridge.dlq')).toEqual([]);
    const shut = but(/ {2}UndeliveredPolicy:[\s\S]*$/, '');
    expect(said(shut, 'eventbridge.dlq')).toEqual(['Undelivered has no policy that lets Rule send to it.']);
    expect(said(mend(shut).text, 'eventbridge.dlq')).toEqual([]);
    expect(
      said(
        but('SqsManagedSseEnabled: true', 'SqsManagedSseEnabled: true, FifoQueue: true'),
        'eventbridge.dlq',
      ),
    ).toEqual([expect.stringContaining('FIFO')]);
  });

  it.each([
    ['another rule', '!GetAtt Elsewhere.Arn', '  Elsewhere: { Type: AWS::Events::Rule }\n'],
    ['a topic', '!Ref Elsewhere', '  Elsewhere: { Type: AWS::SNS::Topic }\n'],
    ['an ARN of something else', '!Sub "arn:aws:events:${AWS::Region}:${AWS::AccountId}:rule/other"', ''],
  ])('is not let in by a policy that names %s as the sender', (_what, sender, more) => {
    const named = 'ArnEquals: { aws:SourceArn: !GetAtt Rule.Arn }';
    const text = `${but(named, `ArnEquals: { aws:SourceArn: ${sender} }`)}${more}`;
    expect(said(text, 'eventbridge.dlq')).toEqual(['Undelivered has no policy that lets Rule send to it.']);
  });

  it('through an alias needs the permission of the alias, and its invoke configuration is left to a person', () => {
    const alias = but('Arn: !GetAtt Handler.Arn', 'Arn: !Ref Live');
    const text = `${alias.replace('FunctionName: !Ref Handler', 'FunctionName: !Ref Live')}
  Live: { Type: AWS::Lambda::Alias, Properties: { FunctionName: !Ref Handler, Name: live } }
`;
    expect(audit(text).path.functions).toEqual(['Handler']);
    expect(said(text, 'eventbridge.permission')).toEqual([]);
    expect(audit(text).findings.find((one) => one.id === 'function.async')?.patch).toBeNull();
    const without = text.replace(/ {2}Permission:[\s\S]*?Rule\.Arn\n/, '');
    expect(mend(without).text).toMatch(/HandlerPermission:[\s\S]*FunctionName: !Ref Live/);
  });

  it('that shares a dead-letter queue with another must be let in itself', () => {
    const text = `${PLAIN}
  Other:
    Type: AWS::Events::Rule
    Properties:
      EventBusName: !Ref Bus
      EventPattern: { source: [!Ref Bus], detail-type: [charge.refunded] }
      Targets: [{ Id: other, Arn: !GetAtt Handler.Arn, DeadLetterConfig: { Arn: !GetAtt Undelivered.Arn } }]
`;
    expect(said(text, 'eventbridge.dlq')).toEqual(['Undelivered has no policy that lets Other send to it.']);
  });

  it('that feeds a queue is followed to the function behind it, and must be let in there too', () => {
    const text = `${but('Arn: !GetAtt Handler.Arn', 'Arn: !GetAtt Inbox.Arn')}
  Inbox: { Type: AWS::SQS::Queue, Properties: { VisibilityTimeout: 180 } }
  Mapping: { Type: AWS::Lambda::EventSourceMapping, Properties: { EventSourceArn: !GetAtt Inbox.Arn, FunctionName: !Ref Handler } }
`;
    expect(audit(text).path.functions).toEqual(['Handler']);
    expect(said(text, 'eventbridge.permission')).toEqual(['Nothing lets Rule send to Inbox.']);
    expect(said(text, 'function.dlq')).toEqual([
      'Inbox has no dead-letter queue for events that Handler failed on.',
    ]);
    expect(said(mend(text).text, 'eventbridge.permission')).toEqual([]);
    const redriven = text.replace(
      'VisibilityTimeout: 180',
      'RedrivePolicy: { deadLetterTargetArn: !GetAtt Dead.Arn, maxReceiveCount: 3 }',
    );
    const whole = `${redriven}  Dead: { Type: AWS::SQS::Queue }\n`;
    expect(said(whole, 'function.dlq')).toEqual([]);
    expect(said(whole, 'queue.retention')).toEqual([expect.stringContaining('Dead keeps messages for')]);
  });

  it('beside another for the same types, to another function, is one too many', () => {
    const second = `${PLAIN}
  Second:
    Type: AWS::Events::Rule
    Properties:
      EventBusName: !Ref Bus
      EventPattern: { source: [!Ref Bus], detail-type: [checkout.session.completed] }
      Targets: [{ Id: other, Arn: !GetAtt Other.Arn }]
  Other: { Type: AWS::Lambda::Function, Properties: { Runtime: nodejs22.x } }
`;
    expect(said(second, 'delivery.single-handler')).toEqual([
      'Second sends to Other what Rule sends to Handler.',
    ]);
    expect(
      said(
        second.replace('[checkout.session.completed] }', '[charge.refunded] }'),
        'delivery.single-handler',
      ),
    ).toEqual([]);
  });
});

describe('an alarm', () => {
  it.each([
    [
      "the ARN for the function's name",
      'AWS/Lambda',
      'Errors',
      '[{ Name: FunctionName, Value: !GetAtt Handler.Arn }]',
      'alarm.function-errors',
    ],
    [
      'it on another metric',
      'AWS/Lambda',
      'Throttles',
      '[{ Name: FunctionName, Value: !GetAtt Handler.Arn }]',
      'audit.alarm-dimension',
    ],
    [
      "the URL for the queue's name",
      'AWS/SQS',
      'ApproximateNumberOfMessagesVisible',
      '[{ Name: QueueName, Value: !Ref Undelivered }]',
      'audit.alarm-dimension',
    ],
    [
      "bus|rule for the rule's name",
      'AWS/Events',
      'FailedInvocations',
      '[{ Name: EventBusName, Value: !Ref Bus }, { Name: RuleName, Value: !Ref Rule }]',
      'audit.alarm-dimension',
    ],
  ])('with %s never rings, and is corrected', (_what, namespace, metric, dimensions, id) => {
    const text = watching(namespace, metric, dimensions);
    expect(said(text, id)).toHaveLength(1);
    expect(said(mend(text).text, id)).toEqual([]);
  });

  it("with the rule's name alone never rings on a partner bus", () => {
    const text = watching(
      'AWS/Events',
      'FailedInvocations',
      '\n        - { Name: RuleName, Value: !Sub "${AWS::StackName}-stripe" }',
    );
    expect(said(text, 'audit.alarm-dimension')).toEqual([expect.stringContaining('RuleName alone')]);
    expect(mend(text).text).toContain('        - Name: EventBusName\n          Value: !Ref Bus\n');
  });

  it('that tells nobody is told', () => {
    const text = watching('AWS/Lambda', 'Errors', '[{ Name: FunctionName, Value: !Ref Handler }]').replace(
      / {6}AlarmActions.*\n/,
      '',
    );
    expect(said(text, 'alarm.actions')).toEqual(['Alarm tells nobody when it rings.']);
    const topic = `${text}  Alerts: { Type: AWS::SNS::Topic, Properties: { Subscription: [{ Protocol: email, Endpoint: a@b.c }] } }\n`;
    expect(mend(topic).text).toContain('AlarmActions:\n        - !Ref Alerts');
  });

  it('whose topic CloudWatch may not use gets through no more', () => {
    const text = `${watching('AWS/Lambda', 'Errors', '[{ Name: FunctionName, Value: !Ref Handler }]').replace('[arn:aws:sns:eu-west-1:123456789012:ops]', '[!Ref Alerts]')}
  Alerts:
    Type: AWS::SNS::Topic
    Properties:
      KmsMasterKeyId: alias/aws/sns
      Subscription: [{ Protocol: email, Endpoint: a@b.c }]
`;
    expect(said(text, 'alarm.actions')).toEqual([expect.stringContaining('which CloudWatch may not use')]);
    expect(said(mend(text).text, 'alarm.actions')).toEqual([]);
  });
});

describe('a function', () => {
  const withVariable = (variable: string, more = ''): string =>
    `${but('      Code:', `      Environment: { Variables: { ${variable} } }\n      Code:`)}${more}`;

  it.each([
    ['STRIPE_WEBHOOK_SECRET: whsec_abcdefgh', 'function.secrets'],
    ["STRIPE_WEBHOOK_SECRET: '{{resolve:secretsmanager:stripe}}'", 'function.secrets'],
    ['STRIPE_SECRET_KEY: !Ref Key', 'secret.no-stripe-key'],
    ['ANYTHING: sk_live_abcdefgh', 'secret.no-stripe-key'],
    ['DATABASE_URL: mysql://shop:hunter22@db/shop', 'secret.database'],
    ['DB_PASSWORD: !Ref Key', 'secret.database'],
  ])('with %s in its environment holds a secret', (variable, id) => {
    const text = withVariable(variable).replace(
      'Parameters:',
      'Parameters:\n  Key: { Type: String, NoEcho: true }',
    );
    expect(said(text, id)).toHaveLength(1);
  });

  it.each([
    'STRIPE_WEBHOOK_SECRET_PARAMETER: /shop/stripe',
    'DATABASE_SECRET_ARN: !Ref Secret',
    'DB_HOST: db.example.com',
    'STRIPE_PRICE_ID: price_1',
  ])('with %s holds none', (variable) => {
    const ids = idsOf(audit(withVariable(variable)));
    expect(ids.filter((id) => /secret/.test(id))).toEqual([]);
  });

  it('shows no secret in what it says', () => {
    const text = withVariable('STRIPE_WEBHOOK_SECRET: whsec_abcdefgh');
    const found = audit(text).findings.filter((one) => one.id === 'function.secrets');
    expect(
      JSON.stringify(found.map(({ summary, actual, remedy }) => [summary, actual, remedy])),
    ).not.toContain('whsec_');
  });

  it('shows a secret in no excerpt, no patch and no diff, however short it is', () => {
    const text = withVariable('DB_PASSWORD: hunter2, STRIPE_SECRET_KEY: !Ref Key').replace(
      'Parameters:',
      'Parameters:\n  Key: { Type: String, Default: opensesame }',
    );
    const made = mend(text);
    const diff = diffOf(made);
    // Whichever rules are asked for.
    const { findings } = auditText('t.yaml', text, {
      rules: chooseRules(RULES, { only: ['function.tags'], skip: [] }),
    });
    expect(JSON.stringify([made.before.findings, findings]) + diff).not.toMatch(/hunter2|opensesame/);
    expect(diff).not.toContain('[secret]');
  });

  it('gets what its role needs together with what needs it', () => {
    const { text, after } = mend(PLAIN);
    expect(text).toContain('- PolicyName: keep-failures');
    expect(text).toContain('- PolicyName: send-traces');
    expect(text).toContain('- PolicyName: write-own-logs');
    expect(idsOf(after)).toEqual(['alarm.actions', 'function.concurrency']);
  });

  it('with a role from elsewhere gets nothing that the role may not be allowed to do', () => {
    const text = but('Role: !GetAtt Role.Arn', 'Role: arn:aws:iam::123456789012:role/shop');
    expect(mend(text).text).not.toMatch(/DeadLetterConfig: *\n *TargetArn|LoggingConfig|TracingConfig/);
  });

  it('with a policy for everything of a service is told', () => {
    const text = but(
      'AssumeRolePolicyDocument: {}',
      'AssumeRolePolicyDocument: {}\n      ManagedPolicyArns: [arn:aws:iam::aws:policy/AmazonRDSFullAccess]',
    );
    expect(said(text, 'function.role')).toEqual(['Handler has AmazonRDSFullAccess.']);
  });

  it('on a retired runtime is told, wherever the runtime stands', () => {
    expect(said(but('nodejs22.x', 'nodejs18.x'), 'function.runtime')).toEqual([
      'Handler runs on nodejs18.x, which AWS stopped patching on 2025-09-01.',
    ]);
    const globals = read('test/fixtures/checklist/before.sam.yaml').replace('nodejs22.x', 'nodejs20.x');
    expect(said(globals, 'function.runtime')).toEqual([
      'StripeEventBridgeHandler and StripePaymentFunction run on nodejs20.x, which AWS stopped patching on 2026-04-30.',
    ]);
  });

  it('that reserves in one branch of a condition decided knowingly', () => {
    const text = but(
      '      Code:',
      '      ReservedConcurrentExecutions: !If [IsProd, 10, !Ref AWS::NoValue]\n      Code:',
    );
    expect(said(text, 'function.concurrency')).toEqual([]);
  });
});

describe('a template', () => {
  it('whose resources wait for each other is told, with the way round', () => {
    const text = but(
      'Properties: { RetentionInDays: 14 }',
      'DependsOn: Handler\n    Properties: { RetentionInDays: 14 }',
    ).replace('Policies:', 'Description: !Ref Logs\n      Policies:');
    expect(said(text, 'audit.circle')).toEqual([expect.stringMatching(/→ .* wait for each other\.$/)]);
  });

  it('whose conditions define each other is told, and judged all the same', () => {
    const text = but(
      'IsProd: !Equals [!Ref AWS::StackName, prod]',
      'IsProd: !Not [!Condition IsDev]\n  IsDev: !Not [!Condition IsProd]',
    ).replace('EventBusName: !Ref Bus', 'EventBusName: !If [IsProd, !Ref Bus, default]');
    expect(said(text, 'audit.circle')).toEqual([expect.stringContaining('IsProd → IsDev → IsProd')]);
    expect(said(text, 'eventbridge.rule-bus')).toHaveLength(1);
  });

  it('without any Stripe path says that it recognised nothing', () => {
    expect(said('Resources: { Bucket: { Type: AWS::S3::Bucket } }', 'audit.no-path')).toHaveLength(1);
  });

  it('with stacks inside names them', () => {
    expect(
      audit(`${PLAIN}  Inner: { Type: AWS::CloudFormation::Stack, Properties: { TemplateURL: x } }\n`).nested,
    ).toEqual(['Inner']);
  });
});

describe('what is added', () => {
  it('because of a conditional resource exists only where that does', () => {
    const conditional = but(
      'Type: AWS::Lambda::Function',
      'Type: AWS::Lambda::Function\n    Condition: IsProd',
    );
    const { text } = mend(conditional);
    for (const id of ['HandlerErrorsAlarm', 'HandlerInvokeConfig', 'HandlerDeadLetterErrorsAlarm'])
      expect(text).toMatch(new RegExp(`${id}:\\n    Type: [\\w:]+\\n    Condition: IsProd\\n`));
    expect(text).toMatch(/AlarmTopic:\n {4}Type: AWS::SNS::Topic\n(?! {4}Condition)/);
  });

  it('and would need two conditions at once is left to a person', () => {
    const text = but('Type: AWS::Lambda::Function', 'Type: AWS::Lambda::Function\n    Condition: IsProd')
      .replace(
        '  Rule:\n    Type: AWS::Events::Rule',
        '  Rule:\n    Type: AWS::Events::Rule\n    Condition: Other',
      )
      .replace(/ {2}Permission:[\s\S]*?Rule\.Arn\n/, '');
    expect(audit(text).findings.find((one) => one.id === 'eventbridge.permission')?.patch).toBeNull();
  });
});

describe('the webhook', () => {
  const http = `
Transform: AWS::Serverless-2016-10-31
Resources:
  Hook:
    Type: AWS::Serverless::Function
    Properties:
      Runtime: nodejs22.x
      Events:
        Stripe: { Type: HttpApi, Properties: { Path: /webhooks/stripe, Method: post } }
`;
  it('is throttled by the settings of the API that SAM makes', () => {
    expect(said(http, 'api.throttled')).toEqual(["SAM's own API does not throttle /webhooks/stripe."]);
    expect(mend(http).text).toContain(
      'Globals:\n  HttpApi:\n    DefaultRouteSettings:\n      ThrottlingBurstLimit: 100',
    );
  });

  it('beside other routes is throttled alone', () => {
    const shared = `${http}        Other: { Type: HttpApi, Properties: { Path: /shop, Method: get } }\n`;
    expect(mend(shared).text).toContain(
      'RouteSettings:\n      POST /webhooks/stripe:\n        ThrottlingBurstLimit: 100',
    );
    const rest = mend(shared.replaceAll('Type: HttpApi', 'Type: Api')).text;
    expect(rest).toContain('- ResourcePath: /~1webhooks~1stripe\n        HttpMethod: POST\n');
    expect(said(rest, 'api.throttled')).toEqual([]);
    expect(said(rest.replace('~1webhooks~1stripe', '~1shop'), 'api.throttled')).toHaveLength(1);
  });

  it('is found by its signing secret where the path says nothing', () => {
    const other = http
      .replace('/webhooks/stripe', '/hooks')
      .replace('Runtime:', 'Environment: { Variables: { STRIPE_SIGNING_SECRET: x } }\n      Runtime:');
    expect(audit(other).path.webhooks).toEqual(['/hooks']);
  });

  it('behind a function URL cannot be throttled', () => {
    const url = http.replace(
      /Events:[\s\S]*$/,
      'Environment: { Variables: { STRIPE_SIGNING_SECRET_PARAMETER: /x } }\n      FunctionUrlConfig: { AuthType: NONE }\n',
    );
    expect(said(url, 'api.throttled')).toEqual([expect.stringContaining('which cannot be throttled')]);
  });
});
