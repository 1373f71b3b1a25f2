import { AwsClient } from 'aws4fetch';

/** Signs requests to one service as the function's role. */
export function awsClient(service: 'ssm' | 'sqs'): AwsClient {
  return new AwsClient({
    accessKeyId: process.env.AWS_ACCESS_KEY_ID ?? '',
    secretAccessKey: process.env.AWS_SECRET_ACCESS_KEY ?? '',
    ...(process.env.AWS_SESSION_TOKEN ? { sessionToken: process.env.AWS_SESSION_TOKEN } : {}),
    region: region(),
    service,
    // Those who call try again: services throttle with 400, and connections break, at which aws4fetch would give up.
    retries: 0,
  });
}

/** As the SDKs: the service's own endpoint, else the common one, else AWS. */
export function endpointOf(service: 'ssm' | 'sqs'): string {
  const own = process.env[`AWS_ENDPOINT_URL_${service.toUpperCase()}`] || process.env.AWS_ENDPOINT_URL;
  return own ?? `https://${service}.${region()}.amazonaws.com${region().startsWith('cn-') ? '.cn' : ''}/`;
}

function region(): string {
  return process.env.AWS_REGION ?? process.env.AWS_DEFAULT_REGION ?? '';
}
