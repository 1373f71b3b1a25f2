import { randomUUID } from 'node:crypto';
import { type LocalCloud, OPERATOR, REGIONS } from './cloud.js';
import type { HttpAnswer, HttpRequest, HttpResponse } from './http.js';
import { decode, encode, encodeError } from './protocols/codec.js';
import { AwsError, type AwsService, type Principal } from './service.js';
import { type FaultErrors, NoAnswer, underFaults } from './under-faults.js';

interface Signed {
  accessKeyId: string;
  region: string;
  service: string;
}

/** Answers one signed AWS request: the credential scope names the service and region, as SDKs send it. */
export async function answerAws(cloud: LocalCloud, request: HttpRequest): Promise<HttpAnswer> {
  const requestId = randomUUID();
  const signed = credentialScope(request);
  const service = signed && cloud.services.get(signed.service);
  try {
    if (!signed)
      throw new AwsError(
        'MissingAuthenticationTokenException',
        'Request is missing Authentication Token',
        403,
      );
    if (!service)
      throw new AwsError(
        'UnknownOperationException',
        `The local cloud has no service ${signed.service}.`,
        404,
      );
    return await perform(cloud, service, signed, request, requestId);
  } catch (error) {
    if (error instanceof NoAnswer) return error.how;
    return encodeError(service, asAwsError(error), requestId);
  } finally {
    cloud.store.flush();
  }
}

async function perform(
  cloud: LocalCloud,
  service: AwsService,
  signed: Signed,
  request: HttpRequest,
  requestId: string,
): Promise<HttpResponse> {
  const principal = principalOf(cloud, service, signed);
  const { operation, input } = decode(service, request);
  const drawn = cloud.faults.draw(service.name, operation, input, nameOf(principal));
  const output = await underFaults(drawn, faultErrors(service, operation, principal), async () => {
    const result = await cloud.call(service.name, operation, input, {
      principal,
      region: signed.region,
      headers: request.headers,
      requestId,
    });
    cloud.store.flush();
    return result;
  });
  return encode(service, operation, output, requestId);
}

function credentialScope(request: HttpRequest): Signed | undefined {
  const scope =
    /Credential=([^/,\s]+)\/\d{8}\/([^/]+)\/([^/]+)\/aws4_request/.exec(
      request.headers.authorization ?? '',
    ) ??
    /X-Amz-Credential=([^/&]+)\/\d{8}\/([^/]+)\/([^/]+)\/aws4_request/.exec(
      decodeURIComponent(request.query),
    );
  if (!scope) return undefined;
  return { accessKeyId: scope[1] as string, region: scope[2] as string, service: scope[3] as string };
}

function principalOf(cloud: LocalCloud, service: AwsService, signed: Signed): Principal {
  const invalidCode =
    service.protocol === 'query' || service.protocol === 'rest-xml'
      ? 'InvalidClientTokenId'
      : 'UnrecognizedClientException';
  // A region that the account has not enabled refuses every token.
  if (!REGIONS.includes(signed.region))
    throw new AwsError(invalidCode, 'The security token included in the request is invalid', 403);
  if (signed.accessKeyId === cloud.operatorKey.accessKeyId) return OPERATOR;
  const principal = cloud.port('iam').principalOf(signed.accessKeyId);
  if (principal === 'expired') {
    const code =
      service.protocol === 'query' || service.protocol === 'rest-xml'
        ? 'ExpiredToken'
        : 'ExpiredTokenException';
    throw new AwsError(code, 'The security token included in the request is expired', 403);
  }
  if (!principal)
    throw new AwsError(invalidCode, 'The security token included in the request is invalid.', 403);
  return principal;
}

const nameOf = (principal: Principal): string =>
  principal.kind === 'service' ? principal.service : principal.arn;

function faultErrors(service: AwsService, operation: string, principal: Principal): FaultErrors {
  const who = nameOf(principal);
  const query = service.protocol === 'query';
  return {
    throttle: () => throttled(service),
    error: (fault) =>
      new AwsError(
        fault.code ?? 'InternalFailure',
        'The local cloud was told to fail here.',
        fault.status ?? 500,
      ),
    deny: () =>
      new AwsError(
        query ? 'AccessDenied' : 'AccessDeniedException',
        `User: ${who} is not authorized to perform: ${service.iamPrefix ?? service.name}:${operation} because an explicit fault denies it`,
        query ? 403 : 400,
      ),
  };
}

/** Each service words its rate limit in its own way. */
function throttled({ name, protocol }: AwsService): AwsError {
  if (name === 's3') return new AwsError('SlowDown', 'Please reduce your request rate.', 503);
  if (protocol === 'query') return new AwsError('Throttling', 'Rate exceeded');
  if (name === 'lambda' || name === 'apigateway')
    return new AwsError('TooManyRequestsException', 'Rate exceeded', 429);
  return new AwsError('ThrottlingException', 'Rate exceeded');
}

function asAwsError(error: unknown): AwsError {
  if (error instanceof AwsError) return error;
  return new AwsError('InternalFailure', `The local cloud failed: ${(error as Error).stack}`, 500);
}
