import { describe, expect, it } from 'vitest';
import { audit } from './support.js';

/** A rule with a dead-letter queue whose policy lets in this principal under this condition, and refuses plain HTTP. */
function template(Principal: string, Condition = '', further = ''): string {
  return `
Parameters:
  Sender: { Type: String }
Resources:
  Rule:
    Type: AWS::Events::Rule
    Properties:
      EventBusName: aws.partner/stripe.com/ed_test_1
      EventPattern: { source: [aws.partner/stripe.com/ed_test_1] }
      Targets: [{ Id: f, Arn: !GetAtt Handler.Arn, DeadLetterConfig: { Arn: !GetAtt Lost.Arn } }]
  Other: { Type: AWS::Events::Rule, Properties: { ScheduleExpression: rate(1 hour) } }
  Topic: { Type: AWS::SNS::Topic }
  Role: { Type: AWS::IAM::Role, Properties: { AssumeRolePolicyDocument: {} } }
  Handler: { Type: AWS::Lambda::Function, Properties: { Role: !GetAtt Role.Arn, Code: { ZipFile: x } } }
  Lost: { Type: AWS::SQS::Queue }
  LostPolicy:
    Type: AWS::SQS::QueuePolicy
    Properties:
      Queues: [!Ref Lost]
      PolicyDocument:
        Statement:
          - Effect: Allow
            Principal: ${Principal}
            Action: sqs:SendMessage
            Resource: !GetAtt Lost.Arn
            ${Condition && `Condition: ${Condition}`}
          - Effect: Deny
            Principal: '*'
            Action: sqs:*
            Resource: !GetAtt Lost.Arn
            Condition: { Bool: { aws:SecureTransport: 'false' } }
${further}`;
}

const found = (...parts: Parameters<typeof template>) =>
  audit(template(...parts))
    .findings.filter(({ id }) => id === 'queue.policy')
    .map(({ severity, summary }) => `${severity}: ${summary}`);

const EVENTS = '{ Service: events.amazonaws.com }';
const NOBODY_ELSE = `
          - Effect: Deny
            Principal: '*'
            Action: sqs:SendMessage
            Resource: !GetAtt Lost.Arn
            Condition: { ArnNotEquals: { aws:SourceArn: EXCEPTED } }`;

describe('who may send to a dead-letter queue is evaluated as doctor does', () => {
  it.each([
    ['everybody', "'*'", '', 'fail', 'anybody'],
    ['everybody over TLS', "'*'", "{ Bool: { aws:SecureTransport: 'true' } }", 'fail', 'anybody'],
    ['every rule', EVENTS, '', 'warn', 'events.amazonaws.com may send as well'],
    [
      'every rule, by a pattern',
      EVENTS,
      "{ ArnLike: { aws:SourceArn: 'arn:aws:events:*:*:rule/*' } }",
      'warn',
      'arn:aws:events:\\*:\\*:rule/\\* may send as well',
    ],
    [
      'another rule',
      EVENTS,
      '{ ArnEquals: { aws:SourceArn: !GetAtt Other.Arn } }',
      'warn',
      'Other may send as well',
    ],
    [
      'a topic',
      '{ Service: sns.amazonaws.com }',
      '{ ArnEquals: { aws:SourceArn: !Ref Topic } }',
      'warn',
      'Topic may send as well',
    ],
    ['another account', "{ AWS: '999999999999' }", '', 'fail', 'anybody in another account may send'],
    [
      'a role of another account',
      '{ AWS: arn:aws:iam::999999999999:role/x }',
      '',
      'warn',
      'arn:aws:iam::999999999999:role/x may send as well',
    ],
  ])('%s is told', (_who, principal, condition, severity, told) => {
    expect(found(principal, condition)).toEqual([
      expect.stringMatching(new RegExp(`^${severity}: Others than the rule may send to Lost: .*${told}`)),
    ]);
  });

  it.each([
    ['the rule', EVENTS, '{ ArnEquals: { aws:SourceArn: !GetAtt Rule.Arn } }'],
    ['a role of the template', '{ AWS: !GetAtt Role.Arn }', ''],
    ['the account', "{ AWS: !Join [':', [arn, !Ref AWS::Partition, iam:, !Ref AWS::AccountId, root]] }", ''],
    ['whom only the deployment knows', '{ AWS: !Ref Sender }', ''],
    [
      'whom only the deployment knows, by a condition',
      EVENTS,
      '{ ArnEquals: { aws:SourceArn: !Ref Sender } }',
    ],
  ])('%s is nobody that can be told', (_who, principal, condition) => {
    expect(found(principal, condition)).toEqual([]);
  });

  it('a denial counts, and one that only the deployment knows may deny all of them', () => {
    const denied = (excepted: string) => found(EVENTS, '', NOBODY_ELSE.replace('EXCEPTED', excepted));
    expect(denied('!GetAtt Rule.Arn')).toEqual([]);
    expect(denied('!Ref Sender')).toEqual([]);
    expect(denied('[!GetAtt Rule.Arn, !GetAtt Other.Arn]')).toEqual([
      expect.stringMatching(/^warn: .*Other may send as well/),
    ]);
  });
});
