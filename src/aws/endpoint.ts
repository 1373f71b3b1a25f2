/** Where another AWS than amazonaws.com stands, for one service (`SSM`, `EXECUTE_API`), as the SDKs read it. */
export function configuredEndpoint(service: string, environment: NodeJS.ProcessEnv): string | undefined {
  if (environment.AWS_IGNORE_CONFIGURED_ENDPOINT_URLS?.toLowerCase() === 'true') return undefined;
  return environment[`AWS_ENDPOINT_URL_${service}`] || environment.AWS_ENDPOINT_URL || undefined;
}

/** The endpoint that stands in the place of all of AWS, with its account and its console; undefined: AWS itself. */
export function otherEndpoint(environment: NodeJS.ProcessEnv): string | undefined {
  const url = configuredEndpoint('', environment);
  return url !== undefined && !/^https?:\/\/[\w.-]+\.(amazonaws\.com(\.cn)?|api\.aws)(:|\/|$)/.test(url)
    ? url
    : undefined;
}

/** The DNS suffix of a region's services. */
export function dnsSuffix(region: string): string {
  return region.startsWith('cn-') ? 'amazonaws.com.cn' : 'amazonaws.com';
}
