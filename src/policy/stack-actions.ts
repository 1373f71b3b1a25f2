import { CachaoError } from '../core/errors.js';
import type { Template } from '../stack/template.js';

/** Handing a role to a service: a function's to Lambda, the service role to CloudFormation. */
export const PASS_ROLE = 'iam:PassRole';

/** What CloudFormation asks of a service for one resource type, in the name of whoever deploys. */
interface TypeActions {
  /** To create and update it, to roll that back, and to see whether it is there. */
  deploy: readonly string[];
  /** To delete it. */
  remove: readonly string[];
}

const of = (service: string, deploy: readonly string[], remove: readonly string[]): TypeActions => ({
  deploy: deploy.map((name) => `${service}:${name}`),
  remove: remove.map((name) => `${service}:${name}`),
});

const REST: TypeActions = of('apigateway', ['DELETE', 'GET', 'PATCH', 'POST', 'PUT'], ['DELETE', 'GET']);

/** From the permissions that the types' own schemas declare, for the properties that the template uses. */
const ACTIONS: Record<string, TypeActions> = {
  'AWS::ApiGateway::Deployment': REST,
  'AWS::ApiGateway::Method': REST,
  'AWS::ApiGateway::Resource': REST,
  'AWS::ApiGateway::RestApi': REST,
  'AWS::ApiGateway::Stage': REST,
  'AWS::CloudWatch::Alarm': of(
    'cloudwatch',
    ['PutMetricAlarm', 'DescribeAlarms', 'TagResource', 'UntagResource', 'ListTagsForResource'],
    ['DeleteAlarms', 'DescribeAlarms'],
  ),
  'AWS::Events::Archive': of(
    'events',
    ['CreateArchive', 'DescribeArchive', 'UpdateArchive'],
    ['DeleteArchive', 'DescribeArchive'],
  ),
  'AWS::Events::Rule': of(
    'events',
    [
      ...['PutRule', 'DescribeRule', 'PutTargets', 'ListTargetsByRule', 'EnableRule', 'DisableRule'],
      ...['RemoveTargets', 'TagResource', 'UntagResource', 'ListTagsForResource'],
    ],
    ['DeleteRule', 'DescribeRule', 'ListTargetsByRule', 'RemoveTargets'],
  ),
  'AWS::IAM::ManagedPolicy': of(
    'iam',
    [
      ...['CreatePolicy', 'GetPolicy', 'GetPolicyVersion', 'CreatePolicyVersion', 'DeletePolicyVersion'],
      'ListPolicyVersions',
    ],
    ['DeletePolicy', 'DeletePolicyVersion', 'ListPolicyVersions', 'ListEntitiesForPolicy', 'GetPolicy'],
  ),
  'AWS::IAM::Role': of(
    'iam',
    [
      ...[
        'PassRole',
        'CreateRole',
        'GetRole',
        'UpdateRole',
        'UpdateRoleDescription',
        'UpdateAssumeRolePolicy',
        'TagRole',
      ],
      ...['UntagRole', 'PutRolePolicy', 'GetRolePolicy', 'DeleteRolePolicy', 'ListRolePolicies'],
      ...['AttachRolePolicy', 'DetachRolePolicy', 'ListAttachedRolePolicies'],
      ...['PutRolePermissionsBoundary', 'DeleteRolePermissionsBoundary'],
    ],
    [
      ...['DeleteRole', 'GetRole', 'DeleteRolePolicy', 'ListRolePolicies', 'DetachRolePolicy'],
      'ListAttachedRolePolicies',
    ],
  ),
  'AWS::Lambda::EventInvokeConfig': of(
    'lambda',
    ['PutFunctionEventInvokeConfig', 'UpdateFunctionEventInvokeConfig', 'GetFunctionEventInvokeConfig'],
    ['DeleteFunctionEventInvokeConfig', 'GetFunctionEventInvokeConfig'],
  ),
  'AWS::Lambda::EventSourceMapping': of(
    'lambda',
    ['CreateEventSourceMapping', 'GetEventSourceMapping', 'UpdateEventSourceMapping', 'TagResource'],
    ['DeleteEventSourceMapping', 'GetEventSourceMapping'],
  ),
  'AWS::Lambda::Function': {
    deploy: [
      ...of(
        'lambda',
        [
          ...['CreateFunction', 'GetFunction', 'GetFunctionConfiguration', 'UpdateFunctionCode'],
          ...['UpdateFunctionConfiguration', 'PutFunctionConcurrency', 'GetFunctionConcurrency'],
          ...['DeleteFunctionConcurrency', 'GetFunctionCodeSigningConfig', 'GetRuntimeManagementConfig'],
          ...['TagResource', 'UntagResource', 'ListTags'],
        ],
        [],
      ).deploy,
      ...['s3:GetObject', 's3:GetObjectVersion'],
      ...['ec2:DescribeSecurityGroups', 'ec2:DescribeSubnets', 'ec2:DescribeVpcs'],
    ],
    remove: ['lambda:DeleteFunction', 'lambda:GetFunction'],
  },
  'AWS::Lambda::Permission': of('lambda', ['AddPermission', 'GetPolicy'], ['RemovePermission', 'GetPolicy']),
  'AWS::Logs::LogGroup': of(
    'logs',
    [
      ...['CreateLogGroup', 'DescribeLogGroups', 'PutRetentionPolicy', 'DeleteRetentionPolicy'],
      ...['TagResource', 'UntagResource', 'ListTagsForResource'],
    ],
    ['DeleteLogGroup', 'DescribeLogGroups'],
  ),
  'AWS::SNS::Subscription': of(
    'sns',
    ['Subscribe', 'GetSubscriptionAttributes', 'SetSubscriptionAttributes', 'ListSubscriptionsByTopic'],
    ['Unsubscribe', 'GetSubscriptionAttributes'],
  ),
  'AWS::SNS::Topic': of(
    'sns',
    [
      ...['CreateTopic', 'GetTopicAttributes', 'SetTopicAttributes', 'TagResource', 'UntagResource'],
      ...['ListTagsForResource', 'ListSubscriptionsByTopic', 'GetDataProtectionPolicy'],
    ],
    ['DeleteTopic', 'GetTopicAttributes'],
  ),
  'AWS::SNS::TopicPolicy': of('sns', ['SetTopicAttributes', 'GetTopicAttributes'], ['SetTopicAttributes']),
  'AWS::SQS::Queue': of(
    'sqs',
    [
      ...['CreateQueue', 'GetQueueAttributes', 'GetQueueUrl', 'SetQueueAttributes', 'TagQueue', 'UntagQueue'],
      'ListQueueTags',
    ],
    ['DeleteQueue', 'GetQueueAttributes', 'GetQueueUrl'],
  ),
  'AWS::SQS::QueuePolicy': of('sqs', ['SetQueueAttributes', 'GetQueueAttributes'], ['SetQueueAttributes']),
};

/** What only looks: `sqs:GetQueueAttributes`, `apigateway:GET`. */
const LOOKS = /:(?:GET$|Get|List|Describe)/;

/**
 * What CloudFormation asks in the caller's name for the whole template; deploying includes rolling back. `look`: to
 * compare every resource with the template, as drift detection does.
 */
export function stackActions(template: Template, doing: 'deploy' | 'delete' | 'look'): string[] {
  const types = new Set(Object.values(template.Resources).map(({ Type }) => Type));
  const actions = [...types].flatMap((type) => {
    const known = ACTIONS[type];
    if (!known) throw unknownType(type);
    if (doing === 'delete') return known.remove;
    return [...known.deploy, ...known.remove].filter((action) => doing === 'deploy' || LOOKS.test(action));
  });
  return [...new Set(actions)].sort();
}

function unknownType(type: string): CachaoError {
  return new CachaoError({
    code: 'POLICY_TYPE_UNKNOWN',
    message: `It is not known what CloudFormation may need for ${type}.`,
    next: ['Add the type to src/policy/stack-actions.ts.'],
  });
}
