import { randomUUID } from 'node:crypto';
import { type LocalCloud, OPERATOR, REGIONS } from './cloud.js';
import { describeFailure, logFailure } from './failure.js';
import type { HttpAnswer, HttpHead, HttpRequest, HttpResponse } from './http.js';
import { decode, encode, encodeError, foreignService } from './protocols/codec.js';
import { AwsError, type AwsService, type Principal } from './service.js';
import { type FaultErrors, NoAnswer, underFaults } from './under-faults.js';

interface Signed {
  accessKeyId: string;
  region: string;
  service: string;
}

/**
 * Refuses by the head alone what no body can mend: no signature, a service that is not here, keys that are not known.
 * Undefined: the body may be read.
 */
export function judgeAws(cloud: LocalCloud, head: HttpHead): HttpResponse | undefined {
  try {
    const { signed, service } = addressed(cloud, head);
    principalOf(cloud, service, signed);
    return undefined;
  } catch (error) {
    return refuseAws(cloud, head, error);
  }
}

/** Answers one signed AWS request: the credential scope names the service and region, as SDKs send it. */
export async function answerAws(cloud: LocalCloud, request: HttpRequest): Promise<HttpAnswer> {
  const requestId = randomUUID();
  const refusal = (error: unknown): HttpAnswer =>
    error instanceof NoAnswer ? error.how : refuseAws(cloud, request, error, requestId);
  let answer: HttpAnswer;
  try {
    const { signed, service } = addressed(cloud, request);
    answer = await perform(cloud, service, signed, request, requestId);
  } catch (error) {
    answer = refusal(error);
  }
  try {
    // A refused call may have had a part of its effect.
    cloud.store.persist();
    return answer;
  } catch (error) {
    return refusal(error);
  }
}

/** Any error in the protocol of the service that was asked. */
export function refuseAws(
  cloud: LocalCloud,
  head: HttpHead,
  error: unknown,
  requestId: string = randomUUID(),
): HttpResponse {
  const signed = credentialScope(head);
  const service = signed && cloud.services.get(signed.service);
  // A form is the query protocol's, whose callers read XML.
  const asked =
    service === undefined || service.protocol === 'json' ? foreignService(head, signed?.service) : undefined;
  return encodeError(asked ?? service, asAwsError(error, head), requestId);
}

/** Most bytes of a request's body, as the service has it or, where it has no limit that could be met here, ours. */
export function limitOfAws(
  cloud: LocalCloud,
  head: HttpHead,
): { bytes: number; refusal: () => HttpResponse } {
  const name = credentialScope(head)?.service ?? '';
  const invocation = name === 'lambda' && head.path.endsWith('/invocations');
  const bytes = invocation ? LIMITS.invoke : ((LIMITS as Record<string, number>)[name] ?? LIMITS.other);
  const refusal = () => refuseAws(cloud, head, tooLarge(name, bytes));
  return { bytes, refusal };
}

const LIMITS = {
  /** Room for the largest payload and for what Lambda itself refuses by another message. */
  invoke: 16 * 1024 * 1024,
  lambda: 70_167_211,
  s3: 256 * 1024 * 1024,
  other: 16 * 1024 * 1024,
};

function tooLarge(service: string, bytes: number): AwsError {
  if (service === 's3')
    return new AwsError('EntityTooLarge', 'Your proposed upload exceeds the maximum allowed size', 400, {
      MaxSizeAllowed: bytes,
    });
  const code = service === 'lambda' ? 'RequestEntityTooLargeException' : 'RequestEntityTooLarge';
  return new AwsError(code, `Request must be smaller than ${bytes} bytes`, 413);
}

function addressed(cloud: LocalCloud, head: HttpHead): { signed: Signed; service: AwsService } {
  const signed = credentialScope(head);
  if (!signed)
    throw new AwsError('MissingAuthenticationTokenException', 'Request is missing Authentication Token', 403);
  const service = cloud.services.get(signed.service);
  if (!service)
    throw new AwsError('UnknownOperationException', `The local cloud has no service ${signed.service}.`, 404);
  return { signed, service };
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
    cloud.store.persist();
    return result;
  });
  return encode(service, operation, output, requestId);
}

function credentialScope({ headers, query }: HttpHead): Signed | undefined {
  const scope =
    /Credential=([^/,\s]+)\/\d{8}\/([^/]+)\/([^/]+)\/aws4_request/.exec(headers.authorization ?? '') ??
    /^([^/&]+)\/\d{8}\/([^/]+)\/([^/]+)\/aws4_request/.exec(
      new URLSearchParams(query).get('X-Amz-Credential') ?? '',
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

function asAwsError(error: unknown, head: HttpHead): AwsError {
  if (error instanceof AwsError) return error;
  logFailure(`${head.method} ${head.path} ${head.headers['x-amz-target'] ?? ''}`.trim(), error);
  return new AwsError('InternalFailure', describeFailure(error), 500);
}
