// biome-ignore-all lint/suspicious/noTemplateCurlyInString: CloudFormation writes its references like that.
import { describe, expect, it } from 'vitest';
import { audit, idsOf, mend, said } from './support.js';

/** A rule of these properties to a function, and what else the template has. */
const rule = (properties: string, more = '', policies = ''): string => `
Transform: AWS::Serverless-2016-10-31
Resources:
  Rule:
    Type: AWS::Events::Rule
    Properties:
      State: ENABLED
${properties.replace(/^/gm, '      ')}
      Targets: [{ Id: settle, Arn: !GetAtt Settle.Arn }]
  Settle:
    Type: AWS::Serverless::Function
    Properties: { Runtime: nodejs22.x }
  Relay:
    Type: AWS::Serverless::Function
    Properties:
      Runtime: nodejs22.x
${policies === '' ? '' : `      Policies:\n        - ${policies}`}
      Events: { In: { Type: Api, Properties: { Path: /stripe/webhook, Method: post } } }
${more}`;
const OWN_BUS =
  '  Bus: { Type: AWS::Events::EventBus, Properties: { Name: !Sub "${AWS::StackName}-payments" } }\n';
const aboutEvents = (text: string) => [
  ...said(text, 'eventbridge.rule-bus'),
  ...said(text, 'eventbridge.pattern'),
];

describe('a relay of the team’s own', () => {
  it.each([
    [
      'on its own bus',
      'EventBusName: !Ref Bus\nEventPattern: { source: [acme.stripe], detail-type: [Paid] }',
      OWN_BUS,
      '',
    ],
    [
      'on the default bus, where a function may put events',
      'EventPattern: { source: [stripe.com], detail-type: [Payment Received] }',
      '',
      'EventBridgePutEventsPolicy: { EventBusName: default }',
    ],
    [
      'on a bus that both take from one parameter',
      'EventBusName: !Ref Events\nEventPattern: { source: [stripe.com] }',
      'Parameters: { Events: { Type: String, Default: default } }\n',
      'EventBridgePutEventsPolicy: { EventBusName: !Ref Events }',
    ],
    [
      'on the default bus, by a statement',
      'EventPattern: { source: [stripe] }',
      '',
      'Statement: [{ Effect: Allow, Action: events:PutEvents, Resource: !Sub "arn:aws:events:${AWS::Region}:${AWS::AccountId}:event-bus/default" }]',
    ],
    ['on the default bus, with a source of its own', 'EventPattern: { source: [com.acme.stripe] }', '', ''],
    [
      'on a bus by its name',
      'EventBusName: payments\nEventPattern: { detail: { data: { type: [charge.refunded] } } }',
      '',
      '',
    ],
  ])('%s keeps its bus and its pattern; its delivery is judged', (_what, properties, more, policies) => {
    const text = rule(properties, more, policies);
    expect(aboutEvents(text)).toEqual([]);
    expect(idsOf(audit(text))).toEqual(
      expect.arrayContaining(['eventbridge.dlq', 'eventbridge.retry', 'eventbridge.permission']),
    );
    const { text: mended, after } = mend(text);
    for (const line of properties.split('\n')) expect(mended).toContain(line);
    expect(mended).not.toContain('AWS::Events::Archive');
    expect(idsOf(after)).not.toContain('alarm.loss');
  });

  it('that fills another bus does not explain a rule on the default one', () => {
    const text = rule(
      'EventPattern: { source: [stripe.com] }',
      OWN_BUS,
      'EventBridgePutEventsPolicy: { EventBusName: !Ref Bus }',
    );
    expect(said(text, 'eventbridge.rule-bus')).toHaveLength(1);
  });

  it('cannot send what only a partner sends', () => {
    const text = rule(
      'EventBusName: !Ref Bus\nEventPattern: { source: [aws.partner/stripe.com/ed_9] }',
      OWN_BUS,
    );
    const found = audit(text).findings.filter((one) => one.id === 'eventbridge.rule-bus');
    // A rule elsewhere may forward it.
    expect(found.map((one) => [one.outcome, one.patch])).toEqual([['warn', null]]);
  });
});

it('the branch of a source in which nothing matches is told, and mended alone', () => {
  const text = rule(
    'EventBusName: aws.partner/stripe.com/ed_9\nEventPattern: { source: [!If [Live, aws.partner/stripe.com/ed_9, stripe.com]] }',
  ).replace('Resources:', 'Conditions: { Live: !Equals [!Ref AWS::StackName, live] }\nResources:');
  expect(said(text, 'eventbridge.pattern')).toEqual([
    "Rule waits for the source stripe.com, which no event of Stripe's carries when Live is false.",
  ]);
  expect(mend(text).text).toContain(
    'source: [!If [Live, aws.partner/stripe.com/ed_9, aws.partner/stripe.com/ed_9]]',
  );
});

it.each([
  ['by its resource', '!Ref Bus'],
  ['by its resource’s name', '!GetAtt Bus.Name'],
  ['in words', 'aws.partner/stripe.com/ed_9'],
])('a bus that is named %s gets one archive', (_what, name) => {
  const text = rule(
    `EventBusName: ${name}\nEventPattern: { source: [{ prefix: aws.partner/stripe.com }] }`,
    '  Bus: { Type: AWS::Events::EventBus, Properties: { Name: aws.partner/stripe.com/ed_9, EventSourceName: aws.partner/stripe.com/ed_9 } }\n',
  );
  const once = mend(text);
  expect(once.text.match(/AWS::Events::Archive/g)).toHaveLength(1);
  expect(mend(once.text).text).toBe(once.text);
});

describe('a function whose role writes to one log group', () => {
  const withRole = (resource: string, more = '') => `
Resources:
  Hook:
    Type: AWS::Lambda::Function
    Properties: { FunctionName: orders-hook, Runtime: nodejs22.x, Role: !GetAtt Role.Arn, Environment: { Variables: { STRIPE_WEBHOOK_SECRET_ARN: x } } }
  Role:
    Type: AWS::IAM::Role
    Properties:
      AssumeRolePolicyDocument: {}
      Policies:
        - PolicyName: logs
          PolicyDocument: { Statement: [{ Effect: Allow, Action: [logs:CreateLogStream, logs:PutLogEvents], Resource: ${resource} }] }
${more}`;

  it.each([
    "'arn:aws:logs:*:*:log-group:/aws/lambda/orders-hook:*'",
    "!Sub 'arn:aws:logs:${AWS::Region}:*:log-group:/aws/*'",
  ])('may write to the new one too: %s', (resource) => {
    const { text } = mend(withRole(resource));
    expect(text).toContain('LogGroup: !Ref HookLogGroup');
    expect(text).toContain('PolicyName: write-own-logs');
  });

  it.each(["'*'", 'arn:aws:logs:*:*:*', "!Sub 'arn:aws:logs:${AWS::Region}:${AWS::AccountId}:log-group:*'"])(
    'needs no grant with %s',
    (resource) => {
      expect(mend(withRole(resource)).text).not.toContain('write-own-logs');
    },
  );

  it('keeps it where a filter reads it', () => {
    const filter =
      '  Filter: { Type: AWS::Logs::MetricFilter, Properties: { LogGroupName: /aws/lambda/orders-hook, FilterPattern: ERROR } }\n';
    const { text, before } = mend(withRole("'*'", filter));
    expect(idsOf(before)).toContain('log.retention');
    expect(text).not.toContain('LoggingConfig');
  });
});

describe('what is added', () => {
  const hook = (condition = '', more = '', parameters = '') => `
Transform: AWS::Serverless-2016-10-31
${parameters}
Conditions: { Prod: !Equals [!Ref AWS::StackName, prod], Mail: !Equals [!Ref AWS::Region, eu-west-1] }
Resources:
  Hook:
    Type: AWS::Serverless::Function
${condition}
    Properties:
      Runtime: nodejs22.x
      Events: { In: { Type: HttpApi, Properties: { Path: /stripe/webhook, Method: post } } }
${more}`;

  it('takes no name that something has', () => {
    const text = hook(
      '',
      '  HookErrorsAlarm: { Type: AWS::SNS::Topic, Condition: Mail }\n  StripeEventBusName: { Type: AWS::SSM::Parameter, Properties: { Type: String, Value: x } }\n  Rule: { Type: AWS::Events::Rule, Properties: { EventPattern: { source: [stripe.com] }, Targets: [{ Id: a, Arn: !GetAtt Hook.Arn }] } }\n',
      'Parameters: { AlarmTopic: { Type: String }, HookLogGroup: { Type: String } }',
    );
    const { text: mended, before, left } = mend(text);
    expect(left).toEqual([]);
    expect(before.findings.length).toBeGreaterThan(5);
    for (const id of ['AlarmTopic2:', 'HookErrorsAlarm2:', 'HookLogGroup2:'])
      expect(mended).toMatch(new RegExp(`^  ${id}`, 'm'));
    expect(mended).toContain('StripeEventBusName2: { Type: String');
  });

  it('beside a topic that may not be there is another topic', () => {
    const { text, before } = mend(hook('', '  AlarmTopic: { Type: AWS::SNS::Topic, Condition: Mail }\n'));
    expect(idsOf(before)).toContain('alarm.webhook');
    expect(text).toContain('- !Ref AlarmTopic2');
  });

  it('on the API that SAM makes exists where that does', () => {
    const { text } = mend(hook('    Condition: Prod'));
    expect(text).toMatch(
      /StripeWebhookServerErrorsAlarm:\n {4}Type: AWS::CloudWatch::Alarm\n {4}Condition: Prod\n/,
    );
    const shared = hook(
      '    Condition: Prod',
      '  Other: { Type: AWS::Serverless::Function, Properties: { Events: { A: { Type: HttpApi, Properties: { Path: /a, Method: get } } } } }\n',
    );
    expect(mend(shared).text).toMatch(
      /StripeWebhookServerErrorsAlarm:\n {4}Type: AWS::CloudWatch::Alarm\n {4}Properties/,
    );
  });

  it('is no more than CloudFormation takes', () => {
    const handlers = Array.from(
      { length: 160 },
      (_, n) =>
        `  H${n}: { Type: AWS::Serverless::Function, Properties: { FunctionName: stripe-webhook-${n}, Runtime: nodejs22.x } }\n`,
    );
    const text = `Transform: AWS::Serverless-2016-10-31\nResources:\n${handlers.join('')}`;
    const made = mend(text);
    expect(made.before.findings.length).toBeGreaterThan(500);
    expect(made.left.length).toBeGreaterThan(0);
    expect(made.after.resources).toBeLessThanOrEqual(500);
    expect(mend(made.text).text).toBe(made.text);
  });
});

it('a queue that others send to as well keeps them', () => {
  const text = rule(
    'EventBusName: aws.partner/stripe.com/ed_9\nEventPattern: { source: [{ prefix: aws.partner/stripe.com }] }',
    '  Dead: { Type: AWS::SQS::Queue }\n',
  )
    .replace(
      'Arn: !GetAtt Settle.Arn }',
      'Arn: !GetAtt Settle.Arn, DeadLetterConfig: { Arn: !GetAtt Dead.Arn } }',
    )
    .replace(
      'Settle:\n    Type: AWS::Serverless::Function\n    Properties: { Runtime: nodejs22.x }',
      'Settle:\n    Type: AWS::Serverless::Function\n    Properties: { Runtime: nodejs22.x, DeadLetterQueue: { Type: SQS, TargetArn: !GetAtt Dead.Arn } }',
    );
  const { text: mended } = mend(text);
  expect(said(mended, 'eventbridge.dlq')).toEqual([]);
  expect(mended).not.toContain('NobodyElseSends');
});
