// biome-ignore-all lint/suspicious/noTemplateCurlyInString: CloudFormation writes its references like that.
import { describe, expect, it } from 'vitest';
import { auditText } from '../../src/audit/audit.js';
import { RULES } from '../../src/audit/rules/registry.js';
import { audit, TODAY } from './support.js';

interface Sketch {
  path?: string;
  method?: string;
  properties?: string;
  variables?: string;
  id?: string;
  more?: string;
  globals?: string;
}

const sam = ({
  path,
  method = 'post',
  properties = '',
  variables,
  id = 'Fn',
  more = '',
  globals = '',
}: Sketch): string => `
Transform: AWS::Serverless-2016-10-31
${globals}
Resources:
  ${id}:
    Type: AWS::Serverless::Function
    Properties:
      Runtime: nodejs22.x
${properties.replace(/^(?=.)/gm, '      ')}
${variables === undefined ? '' : `      Environment: { Variables: { ${variables} } }`}
${path === undefined ? '' : `      Events: { In: { Type: Api, Properties: { Path: '${path}', Method: ${method} } } }`}
${more}`;

const taken = (text: string, name?: string): string[] =>
  audit(text, name).path.recognised.map((one) => `${one.certainty} ${one.kind} ${one.name}`);

describe('a webhook is taken for Stripe’s', () => {
  it.each<[string, Sketch, string]>([
    ['by its route', { path: '/v1/hooks/stripe' }, 'sure webhook /v1/hooks/stripe'],
    [
      'by its function’s name',
      { path: '/in', properties: 'FunctionName: acme-stripe-hooks' },
      'sure webhook /in',
    ],
    [
      'by the secret that a variable names',
      { path: '/webhooks', variables: 'SECRET: acme/stripe/key' },
      'thin webhook /webhooks',
    ],
    ['by its route alone', { path: '/payments/stripe' }, 'thin webhook /payments/stripe'],
    [
      'by where its signing secret is kept',
      { path: '/', variables: 'STRIPE_SIGNING_SECRET_PATH: /a/b' },
      'sure webhook /',
    ],
    [
      'by a key beside a route for hooks',
      { path: '/callback', variables: 'STRIPE_KEY_ARN: !Ref K' },
      'thin webhook /callback',
    ],
    [
      'by its description',
      { path: '/hook', properties: 'Description: Takes what Stripe sends' },
      'thin webhook /hook',
    ],
    [
      'by what it may read',
      {
        path: '/notify',
        properties: 'Policies:\n  - SSMParameterReadPolicy: { ParameterName: acme/stripe/webhook-secret }',
      },
      'sure webhook /notify',
    ],
    [
      'by Globals',
      {
        path: '/webhook',
        globals: 'Globals: { Function: { Environment: { Variables: { STRIPE_WEBHOOK_SECRET: x } } } }',
      },
      'sure webhook /webhook',
    ],
    [
      'behind a proxy',
      { path: '/{proxy+}', method: 'any', variables: 'STRIPE_WEBHOOK_SECRET: !Ref W' },
      'sure webhook /{proxy+}',
    ],
  ])('%s', (_what, sketch, expected) => {
    expect(taken(sam(sketch))).toEqual([expected]);
  });

  it('and the report says why', () => {
    const [one] = audit(sam({ path: '/webhook', properties: 'FunctionName: stripe-inbox' })).path.recognised;
    expect(one?.because).toEqual(['its name "stripe-inbox"', 'its route /webhook']);
  });

  it.each<[string, Sketch]>([
    ['GitHub’s', { path: '/github/webhook', variables: 'GITHUB_WEBHOOK_SECRET_ARN: !Ref G' }],
    ['Twilio’s beside a Stripe key', { path: '/twilio/webhook', variables: 'STRIPE_SECRET_KEY: /a/b' }],
    ['a checkout’s', { path: '/create-checkout-session', variables: 'STRIPE_SECRET_KEY: /a/b' }],
    ['one that only reads', { path: '/stripe', method: 'get' }],
    ['a shop’s events', { path: '/events', variables: 'STRIPE_SECRET_KEY: /a/b' }],
    ['nobody’s', { path: '/webhook', variables: 'WEBHOOK_SECRET: /a/b' }],
  ])('but not %s', (_what, sketch) => {
    expect(taken(sam(sketch))).toEqual([]);
  });

  it('and another of the same function is not, where one says it better', () => {
    const text = sam({ variables: 'STRIPE_WEBHOOK_SECRET: /a/b' }).concat(`
      Events:
        Pay: { Type: Api, Properties: { Path: /pay, Method: post } }
        Hook: { Type: Api, Properties: { Path: /hooks/stripe, Method: post } }
`);
    expect(taken(text)).toEqual(['sure webhook /hooks/stripe']);
  });

  it('through an alias, an API description, a queue, or with a function from elsewhere', () => {
    const uri = (arn: string) =>
      `arn:aws:apigateway:\${AWS::Region}:lambda:path/2015-03-31/functions/\${${arn}}/invocations`;
    const described = (arn: string) => `
Parameters: { HookArn: { Type: String } }
Resources:
  Api:
    Type: AWS::ApiGateway::RestApi
    Properties:
      Body:
        paths:
          /stripe/webhook:
            post:
              x-amazon-apigateway-integration: { type: aws_proxy, httpMethod: POST, uri: !Sub '${uri(arn)}' }
  Stage: { Type: AWS::ApiGateway::Stage, Properties: { RestApiId: !Ref Api } }
  Settle: { Type: AWS::Lambda::Function, Properties: { Runtime: nodejs22.x } }
  Live: { Type: AWS::Lambda::Alias, Properties: { FunctionName: !Ref Settle, Name: live } }
`;
    for (const arn of ['Settle.Arn', 'Live'])
      expect(audit(described(arn)).path).toMatchObject({
        functions: ['Settle'],
        webhooks: ['/stripe/webhook'],
      });
    const elsewhere = audit(described('HookArn'));
    expect(elsewhere.path).toMatchObject({ functions: [], webhooks: ['/stripe/webhook'] });
    expect(elsewhere.findings.map((one) => one.id)).toEqual(['alarm.webhook', 'api.throttled']);
    const queued = `
Resources:
  Root: { Type: AWS::ApiGateway::Resource, Properties: { PathPart: stripe-webhook, RestApiId: !Ref Api, ParentId: !GetAtt Api.RootResourceId } }
  Api: { Type: AWS::ApiGateway::RestApi }
  Post:
    Type: AWS::ApiGateway::Method
    Properties:
      HttpMethod: POST
      RestApiId: !Ref Api
      ResourceId: !Ref Root
      Integration: { Type: AWS, Uri: !Sub 'arn:aws:apigateway:\${AWS::Region}:sqs:path/\${AWS::AccountId}/\${Inbox.QueueName}' }
  Inbox: { Type: AWS::SQS::Queue }
  Worker: { Type: AWS::Lambda::Function }
  From: { Type: AWS::Lambda::EventSourceMapping, Properties: { EventSourceArn: !GetAtt Inbox.Arn, FunctionName: !Ref Worker } }
`;
    expect(audit(queued).path).toMatchObject({ functions: ['Worker'], webhooks: ['/stripe-webhook'] });
  });
});

describe('a function alone', () => {
  const alone = (name: string, variables = '{}') =>
    JSON.stringify({
      Parameters: { env: { Type: 'String' } },
      Conditions: { NoEnv: { 'Fn::Equals': [{ Ref: 'env' }, 'NONE'] } },
      Resources: {
        LambdaFunction: {
          Type: 'AWS::Lambda::Function',
          Properties: {
            FunctionName: { 'Fn::If': ['NoEnv', name, { 'Fn::Join': ['', [name, '-', { Ref: 'env' }]] }] },
            Runtime: 'nodejs14.x',
            Environment: { Variables: JSON.parse(variables) },
          },
        },
      },
    });

  it('that is called a webhook for Stripe is judged as one', () => {
    const found = audit(alone('stripeHook'), 'f.json');
    expect(found.path.recognised.map((one) => one.certainty)).toEqual(['sure']);
    expect(found.findings.map((one) => one.id)).toEqual(
      expect.arrayContaining([
        'function.runtime',
        'alarm.function-errors',
        'log.retention',
        'function.concurrency',
      ]),
    );
  });

  it('that may be one is judged too, and only warns', () => {
    const found = audit(alone('stripe', '{"STRIPE_KEY": "/a/b"}'), 'f.json');
    expect(found.path.recognised.map((one) => one.certainty)).toEqual(['thin']);
    const failed = found.findings.filter((one) => one.outcome === 'fail').map((one) => one.id);
    // That is so whatever the function is for.
    expect(failed).toEqual(['function.runtime']);
    const alarm = found.findings.find((one) => one.id === 'alarm.function-errors');
    expect([alarm?.outcome, alarm?.evidence[0]?.label]).toEqual(['warn', expect.stringContaining('perhaps')]);
  });

  it('that makes payments is told about its runtime and its secrets, and nothing else', () => {
    const found = audit(
      alone('stripeCheckout', '{"STRIPE_PRICE_ID": "price_1", "STRIPE_SECRET_KEY": {"Ref": "env"}}'),
      'f.json',
    );
    expect(found.findings.map((one) => one.id)).toEqual([
      'audit.no-path',
      'function.runtime',
      'secret.no-stripe-key',
    ]);
  });

  it('by the clock is no handler, whatever it reads', () => {
    const text = sam({
      properties:
        "Description: Refreshes Stripe's webhook addresses\nEvents: { Daily: { Type: Schedule, Properties: { Schedule: rate(1 day) } } }",
      variables: 'LIST: /acme/stripe/webhook-addresses',
    });
    expect(taken(text)).toEqual([]);
  });
});

describe('a rule is taken for one on Stripe’s events', () => {
  const rule = (bus: string, pattern: string, more = ''): string => `
Parameters: { Inbound: { Type: String, AllowedPattern: '^aws\\.partner/.+' } }
Resources:
  Rule:
    Type: AWS::Events::Rule
    Properties: { ${bus}EventPattern: ${pattern}, Targets: [{ Id: a, Arn: !GetAtt Settle.Arn }] }
  Settle: { Type: AWS::Lambda::Function, Properties: { Runtime: nodejs22.x } }
${more}`;

  it.each([
    [
      'an envelope of the team’s own',
      '',
      '{ detail: { payload: { type: [payment_intent.succeeded] } } }',
      'sure',
    ],
    ['a type of Stripe’s alone', '', '{ detail-type: [invoice.payment_failed] }', 'sure'],
    ['a type that others have too', '', '{ detail-type: [customer.created] }', undefined],
    [
      'a partner’s bus that nobody names',
      'EventBusName: !Ref Inbound, ',
      '{ account: [!Ref AWS::AccountId] }',
      'thin',
    ],
  ])('by %s', (_what, bus, pattern, certainty) => {
    expect(audit(rule(bus, pattern)).path.recognised.map((one) => one.certainty)).toEqual(
      certainty === undefined ? [] : [certainty],
    );
  });

  it('by a bus that is made from what makes its source', () => {
    const more = `  Bus: { Type: AWS::Events::EventBus, Properties: { Name: !GetAtt StripeSource.Name, EventSourceName: !GetAtt StripeSource.Name } }
  StripeSource: { Type: Custom::PartnerSource, Properties: { ServiceToken: x } }
`;
    expect(
      audit(rule('EventBusName: !Ref Bus, ', '{ account: [!Ref AWS::AccountId] }', more)).path.rules,
    ).toEqual(['Rule']);
  });

  it('but not when it calls Stripe', () => {
    const text = rule('EventBusName: stripe-calls, ', '{ source: [shop] }')
      .replace('!GetAtt Settle.Arn', '!GetAtt Out.Arn')
      .concat(
        '  Out: { Type: AWS::Events::ApiDestination, Properties: { InvocationEndpoint: https://api.stripe.com/v1/products } }\n',
      );
    expect(audit(text).path.rules).toEqual([]);
  });
});

describe('a hint', () => {
  const text = sam({ path: '/in', id: 'Inbox' });

  it.each([
    [{ handlers: ['Inbox'], webhooks: [] }, 'sure handler Inbox'],
    [{ handlers: [], webhooks: ['/in'] }, 'sure webhook /in'],
  ])('makes certain what nothing speaks for: %j', (hints, expected) => {
    const { path } = auditText('template.yaml', text, { rules: RULES, today: TODAY, hints });
    expect(path.recognised.map((one) => `${one.certainty} ${one.kind} ${one.name}`)).toEqual([expected]);
  });
});

it('what is not read is told', () => {
  const found = audit(`
Transform: AWS::LanguageExtensions
Resources:
  Fn::ForEach::Rules: [Name, [A, B], { 'R\${Name}': { Type: AWS::Events::Rule } }]
  Api: { Type: AWS::Serverless::Api, Properties: { DefinitionBody: { Fn::Transform: { Name: AWS::Include, Parameters: { Location: s3://b/api.yaml } } } } }
`);
  expect(found.unread).toEqual([
    'the loop Fn::ForEach::Rules',
    'what Fn::Transform includes, s3://b/api.yaml',
  ]);
});
