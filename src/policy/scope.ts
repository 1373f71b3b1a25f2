import type { Settings } from '../config/settings.js';
import { artifactBucketName } from '../stack/artifact-bucket.js';

/** Stands where an account or a region is not known. */
export const ACCOUNT_PLACEHOLDER = 'ACCOUNT_ID';
export const REGION_PLACEHOLDER = 'REGION';

/** What a policy is for: a stage in an account. Names of what is deployed derive from the stack's. */
export interface PolicyScope {
  account: string;
  region: string;
  stage: string;
  stack: string;
}

export function scopeOf(
  settings: Pick<Settings, 'stage' | 'region' | 'stack'>,
  account: string | undefined,
): PolicyScope {
  return {
    account: account ?? ACCOUNT_PLACEHOLDER,
    region: settings.region,
    stage: settings.stage,
    stack: settings.stack.name,
  };
}

/** The ARNs of the kinds of things that cachao deals with, as narrow as their names allow before they exist. */
export function arnsOf({ account, region, stage, stack }: PolicyScope) {
  const arn = (service: string, resource: string) => `arn:aws:${service}:${region}:${account}:${resource}`;
  const named = (longest: number) => generatedNames(stack, longest);
  const bucket = `arn:aws:s3:::${artifactBucketName(account, region)}`;
  return {
    stack: arn('cloudformation', `stack/${stack}/*`),
    function: arn('lambda', `function:${named(64)}`),
    // AWS gives it its id.
    mapping: arn('lambda', 'event-source-mapping:*'),
    eventSource: `arn:aws:events:${region}::event-source/aws.partner/stripe.com/*`,
    bus: arn('events', 'event-bus/aws.partner/stripe.com/*'),
    rule: arn('events', `rule/aws.partner/stripe.com/*/${stack}-*`),
    anyRule: arn('events', 'rule/*'),
    archive: arn('events', `archive/${named(48)}`),
    replay: arn('events', 'replay/cachao-*'),
    queue: arn('sqs', named(80)),
    topic: arn('sns', `${stack}-*`),
    alarm: arn('cloudwatch', `alarm:${stack}-*`),
    logGroup: arn('logs', `log-group:/cachao/${stack}/*`),
    parameter: arn('ssm', `parameter/cachao/${stage}/*`),
    role: `arn:aws:iam::${account}:role/${named(64)}`,
    policy: `arn:aws:iam::${account}:policy/${stack}-*`,
    awsPolicy: 'arn:aws:iam::aws:policy/*',
    api: `arn:aws:apigateway:${region}::/restapis`,
    apis: `arn:aws:apigateway:${region}::/restapis/*`,
    apiTags: `arn:aws:apigateway:${region}::/tags/*`,
    apiDomains: `arn:aws:apigateway:${region}::/domainnames/*`,
    bucket,
    objects: `${bucket}/*`,
  };
}

/**
 * The names that CloudFormation gives: stack, logical id, twelve characters. A name that would be too long has stack and
 * logical id cut, the stack to half of the room at the most.
 */
function generatedNames(stack: string, longest: number): string {
  const surelyKept = Math.floor((longest - 14) / 2);
  return stack.length <= surelyKept ? `${stack}-*` : `${stack.slice(0, surelyKept)}*`;
}

export type ArnKind = keyof ReturnType<typeof arnsOf>;
