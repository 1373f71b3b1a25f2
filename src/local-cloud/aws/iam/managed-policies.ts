/** AWS's own managed policies that a Lambda stack uses, by the part of the ARN after `policy/`. */
const POLICIES: Record<string, { actions: string[] }> = {
  'service-role/AWSLambdaBasicExecutionRole': {
    actions: ['logs:CreateLogGroup', 'logs:CreateLogStream', 'logs:PutLogEvents'],
  },
  'service-role/AWSLambdaVPCAccessExecutionRole': {
    actions: [
      'logs:CreateLogGroup',
      'logs:CreateLogStream',
      'logs:PutLogEvents',
      'ec2:CreateNetworkInterface',
      'ec2:DescribeNetworkInterfaces',
      'ec2:DescribeSubnets',
      'ec2:DeleteNetworkInterface',
      'ec2:AssignPrivateIpAddresses',
      'ec2:UnassignPrivateIpAddresses',
    ],
  },
  'service-role/AWSLambdaSQSQueueExecutionRole': {
    actions: [
      'sqs:ReceiveMessage',
      'sqs:DeleteMessage',
      'sqs:GetQueueAttributes',
      'logs:CreateLogGroup',
      'logs:CreateLogStream',
      'logs:PutLogEvents',
    ],
  },
  'service-role/AWSLambdaRole': { actions: ['lambda:InvokeFunction'] },
  'service-role/AmazonAPIGatewayPushToCloudWatchLogs': {
    actions: [
      'logs:CreateLogGroup',
      'logs:CreateLogStream',
      'logs:DescribeLogGroups',
      'logs:DescribeLogStreams',
      'logs:PutLogEvents',
      'logs:GetLogEvents',
      'logs:FilterLogEvents',
    ],
  },
  AWSXRayDaemonWriteAccess: {
    actions: [
      'xray:PutTraceSegments',
      'xray:PutTelemetryRecords',
      'xray:GetSamplingRules',
      'xray:GetSamplingTargets',
      'xray:GetSamplingStatisticSummaries',
    ],
  },
  AWSXrayWriteOnlyAccess: {
    actions: [
      'xray:PutTraceSegments',
      'xray:PutTelemetryRecords',
      'xray:GetSamplingRules',
      'xray:GetSamplingTargets',
      'xray:GetSamplingStatisticSummaries',
    ],
  },
  AmazonSSMReadOnlyAccess: { actions: ['ssm:Describe*', 'ssm:Get*', 'ssm:List*'] },
  AdministratorAccess: { actions: ['*'] },
};

const PREFIX = 'arn:aws:iam::aws:policy/';

/** The ARN of AdministratorAccess: what the operator has while nothing is enforced. */
export const ADMINISTRATOR_ACCESS = `${PREFIX}AdministratorAccess`;

export interface AwsManagedPolicy {
  arn: string;
  name: string;
  path: string;
  document: string;
}

/** Undefined for an ARN that is not AWS's, or not among those that the local cloud knows. */
export function awsManagedPolicy(arn: string): AwsManagedPolicy | undefined {
  const key = arn.startsWith(PREFIX) ? arn.slice(PREFIX.length) : '';
  const policy = Object.hasOwn(POLICIES, key) ? POLICIES[key] : undefined;
  if (!policy) return undefined;
  const segments = key.split('/');
  const statement = { Effect: 'Allow', Action: policy.actions, Resource: '*' };
  return {
    arn,
    name: segments.at(-1) as string,
    path: segments.length > 1 ? `/${segments.slice(0, -1).join('/')}/` : '/',
    document: JSON.stringify({ Version: '2012-10-17', Statement: [statement] }),
  };
}

export function awsManagedPolicies(): AwsManagedPolicy[] {
  return Object.keys(POLICIES).map((key) => awsManagedPolicy(PREFIX + key) as AwsManagedPolicy);
}
