import { type ArnKind, arnsOf, type PolicyScope } from './scope.js';

/** Actions that know no resources, or are asked of all: AWS accepts nothing but `*`, or the name is not known before. */
const OF_EVERYTHING = [
  'cloudformation:DescribeStackDriftDetectionStatus',
  'cloudformation:ListStacks',
  'cloudwatch:DescribeAlarms',
  'cloudwatch:GetMetricData',
  'cloudwatch:ListMetrics',
  'ec2:DescribeSecurityGroups',
  'ec2:DescribeSubnets',
  'ec2:DescribeVpcs',
  'events:ListArchives',
  'events:ListEventBuses',
  'events:ListEventSources',
  'events:TestEventPattern',
  'lambda:CreateEventSourceMapping',
  'lambda:DeleteEventSourceMapping',
  'lambda:GetAccountSettings',
  'lambda:GetEventSourceMapping',
  'lambda:ListEventSourceMappings',
  'lambda:ListFunctions',
  'lambda:UpdateEventSourceMapping',
  'logs:DescribeLogGroups',
  'sns:Unsubscribe',
  'sqs:ListQueues',
  'ssm:DescribeParameters',
  'sts:GetCallerIdentity',
  'iam:SimulatePrincipalPolicy',
  // Handlers of others are looked for, whatever they are called.
  'events:ListRules',
  'events:ListTargetsByRule',
];

/** Where the kind of thing does not follow from the service. */
const KINDS: Record<string, readonly ArnKind[]> = {
  'events:ActivateEventSource': ['eventSource'],
  'events:CancelReplay': ['replay'],
  'events:CreateArchive': ['archive', 'bus'],
  'events:CreateEventBus': ['bus', 'eventSource'],
  'events:DeleteArchive': ['archive'],
  'events:DeleteEventBus': ['bus'],
  'events:DescribeArchive': ['archive'],
  'events:DescribeReplay': ['replay'],
  'events:StartReplay': ['archive', 'bus', 'replay'],
  'events:DescribeEventBus': ['bus'],
  'events:DescribeEventSource': ['eventSource'],
  'events:ListTagsForResource': ['bus', 'rule'],
  'events:TagResource': ['bus', 'rule'],
  'events:UntagResource': ['bus', 'rule'],
  'events:UpdateArchive': ['archive'],
  'iam:GetPolicy': ['policy', 'awsPolicy'],
  'iam:GetPolicyVersion': ['policy', 'awsPolicy'],
  // CloudFormation tags event source mappings as it makes them.
  'lambda:ListTags': ['function', 'mapping'],
  'lambda:TagResource': ['function', 'mapping'],
  'lambda:UntagResource': ['function', 'mapping'],
  's3:DeleteObject': ['objects'],
  's3:DeleteObjectVersion': ['objects'],
  's3:GetObject': ['objects'],
  's3:GetObjectVersion': ['objects'],
  's3:PutObject': ['objects'],
};

/** The usual kind of a service's actions, by the action's prefix. */
const BY_SERVICE: readonly [RegExp, readonly ArnKind[]][] = [
  [/^apigateway:/, ['api', 'apis', 'apiTags', 'apiDomains']],
  [/^cloudformation:/, ['stack']],
  [/^cloudwatch:/, ['alarm']],
  [/^events:/, ['rule']],
  [
    /^iam:\w*PolicyVersion|^iam:(Create|Delete|Get|Tag|Untag)Policy|^iam:List(PolicyVersions|EntitiesForPolicy)/,
    ['policy'],
  ],
  [/^iam:/, ['role']],
  [/^lambda:/, ['function']],
  [/^logs:/, ['logGroup']],
  [/^s3:/, ['bucket']],
  [/^sns:/, ['topic']],
  [/^sqs:/, ['queue']],
  [/^ssm:/, ['parameter']],
];

/** What an action may be done on: least privilege, as far as names are known. Undefined: nobody said so yet. */
export function resourcesOf(action: string, scope: PolicyScope): string[] | undefined {
  if (OF_EVERYTHING.includes(action)) return ['*'];
  const kinds = KINDS[action] ?? BY_SERVICE.find(([pattern]) => pattern.test(action))?.[1];
  if (!kinds) return undefined;
  const arns = arnsOf(scope);
  return kinds.map((kind) => arns[kind]);
}
