/** The SDK client of each service, imported when the service is first used: an import costs up to 100 ms. */
export const CLIENTS = {
  apigateway: async (c: object) => new (await import('@aws-sdk/client-api-gateway')).APIGateway(c),
  cloudformation: async (c: object) => new (await import('@aws-sdk/client-cloudformation')).CloudFormation(c),
  cloudwatch: async (c: object) => new (await import('@aws-sdk/client-cloudwatch')).CloudWatch(c),
  events: async (c: object) => new (await import('@aws-sdk/client-eventbridge')).EventBridge(c),
  iam: async (c: object) => new (await import('@aws-sdk/client-iam')).IAM(c),
  lambda: async (c: object) => new (await import('@aws-sdk/client-lambda')).Lambda(c),
  logs: async (c: object) => new (await import('@aws-sdk/client-cloudwatch-logs')).CloudWatchLogs(c),
  s3: async (c: object) => new (await import('@aws-sdk/client-s3')).S3(c),
  sns: async (c: object) => new (await import('@aws-sdk/client-sns')).SNS(c),
  sqs: async (c: object) => new (await import('@aws-sdk/client-sqs')).SQS(c),
  ssm: async (c: object) => new (await import('@aws-sdk/client-ssm')).SSM(c),
  sts: async (c: object) => new (await import('@aws-sdk/client-sts')).STS(c),
};

export type ServiceName = keyof typeof CLIENTS;

/** As `AWS_ENDPOINT_URL_<NAME>` and the configuration files name them. */
export const ENDPOINT_NAMES: Record<ServiceName, string> = {
  apigateway: 'API_GATEWAY',
  cloudformation: 'CLOUDFORMATION',
  cloudwatch: 'CLOUDWATCH',
  events: 'EVENTBRIDGE',
  iam: 'IAM',
  lambda: 'LAMBDA',
  logs: 'CLOUDWATCH_LOGS',
  s3: 'S3',
  sns: 'SNS',
  sqs: 'SQS',
  ssm: 'SSM',
  sts: 'STS',
};
export type ClientOf<S extends ServiceName> = Awaited<ReturnType<(typeof CLIENTS)[S]>>;
