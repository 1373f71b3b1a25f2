/** The parts of an ARN (IAM's user guide, "Amazon Resource Names"). */
interface ArnParts {
  service: string;
  /** Empty for what has none: an IAM role. */
  region: string;
  account: string;
  /** All that follows: `function:shop:live`, `rule/bus/name`. */
  resource: string;
}

function partsOf(arn: string): ArnParts | undefined {
  const [, service, region, account, resource] =
    /^arn:[\w-]+:([\w-]+):([^:]*):([^:]*):(.+)$/s.exec(arn) ?? [];
  if (!service || !resource) return undefined;
  return { service, region: region ?? '', account: account ?? '', resource };
}

/** `lambda`, `sqs`; undefined for what is no ARN. */
export function serviceOf(arn: string): string | undefined {
  return partsOf(arn)?.service;
}

/** The last part of the name: `shop` of `…:sqs:eu-west-1:123456789012:shop`. */
export function nameOf(arn: string): string {
  return arn.split(':').at(-1) ?? arn;
}

/** Without a version or an alias. Undefined for what is no function. */
export function functionNameOf(arn: string): string | undefined {
  const parts = partsOf(arn);
  return parts?.service === 'lambda' ? /^function:([^:]+)/.exec(parts.resource)?.[1] : undefined;
}

/** The version or alias that a function's ARN names: `live` of `…:function:shop:live`; undefined where it names none. */
export function qualifierOf(arn: string): string | undefined {
  const parts = partsOf(arn);
  return parts?.service === 'lambda' ? /^function:[^:]+:(.+)$/.exec(parts.resource)?.[1] : undefined;
}

/** The function that an integration of API Gateway invokes, by its ARN; undefined where it invokes none. */
export function invokedFunction(integrationUri: string | null): string | undefined {
  return /^arn:[\w-]+:apigateway:[\w-]+:lambda:path\/[^/]+\/functions\/(arn:[^/]+)\/invocations$/.exec(
    integrationUri ?? '',
  )?.[1];
}

/**
 * Whether two ARNs name things of the same account and region: names are unique in there only, so that a thing of
 * somebody else's may bear the same. What has no region, or no account, is not told apart by it.
 */
export function isSamePlace(one: string, other: string): boolean {
  const [here, there] = [partsOf(one), partsOf(other)];
  if (!here || !there) return false;
  return isSame(here.account, there.account) && isSame(here.region, there.region);
}

function isSame(one: string, other: string): boolean {
  return one === '' || other === '' || one === other;
}
