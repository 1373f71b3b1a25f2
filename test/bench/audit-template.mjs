// A template as large as CloudFormation takes: a Stripe path, and what else a company keeps in one stack.

/** A template with that many resources, of which every `stripe`-th group has a Stripe path of its own. */
export function largeTemplate(resources, { stripe = 0 } = {}) {
  const parts = [];
  const groups = Math.floor(resources / 5);
  for (let group = 0; group < groups; group++) parts.push(groupOf(group, stripe > 0 && group % stripe === 0));
  return `AWSTemplateFormatVersion: '2010-09-09'
Description: Many things in one stack.

Parameters:
  Bus:
    Type: String
    AllowedPattern: ^aws\\.partner/stripe\\.com/.+$

Resources:
${parts.join('\n')}`;
}

function groupOf(group, stripe) {
  const variable = stripe ? 'STRIPE_MODE: test' : `TABLE: 'table-${group}'`;
  return `  # Group ${group}
  Function${group}:
    Type: AWS::Lambda::Function
    Properties:
      FunctionName: !Sub '\${AWS::StackName}-function-${group}'
      Runtime: nodejs22.x
      Handler: index.handler
      MemorySize: 256 # enough
      Role: !GetAtt Role${group}.Arn
      Environment:
        Variables:
          ${variable}
          QUEUE: !Ref Queue${group}
      Code:
        S3Bucket: !Sub 'artifacts-\${AWS::AccountId}'
        S3Key: function-${group}.zip

  Role${group}:
    Type: AWS::IAM::Role
    Properties:
      AssumeRolePolicyDocument:
        Version: '2012-10-17'
        Statement:
          - { Effect: Allow, Principal: { Service: lambda.amazonaws.com }, Action: sts:AssumeRole }
      Policies:
        - PolicyName: logs
          PolicyDocument:
            Version: '2012-10-17'
            Statement:
              - Effect: Allow
                Action: [logs:CreateLogStream, logs:PutLogEvents]
                Resource: '*'

  Queue${group}:
    Type: AWS::SQS::Queue
    Properties:
      MessageRetentionPeriod: 1209600
      SqsManagedSseEnabled: true

  Rule${group}:
    Type: AWS::Events::Rule
    Properties:
      ${stripe ? 'EventBusName: !Ref Bus' : 'Description: Orders'}
      State: ENABLED
      EventPattern:
        source: [${stripe ? '!Ref Bus' : 'com.example.orders'}]
        detail-type: [${stripe ? 'checkout.session.completed' : 'OrderPlaced'}]
      Targets:
        - Id: function
          Arn: !GetAtt Function${group}.Arn

  Alarm${group}:
    Type: AWS::CloudWatch::Alarm
    Properties:
      Namespace: AWS/Lambda
      MetricName: Errors
      Dimensions:
        - Name: FunctionName
          Value: !Sub '\${AWS::StackName}-function-${group}'
      Statistic: Sum
      Period: 60
      EvaluationPeriods: 1
      Threshold: 0
      ComparisonOperator: GreaterThanThreshold
`;
}
