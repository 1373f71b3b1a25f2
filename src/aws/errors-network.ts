import { CannotLookError } from '../core/errors.js';
import { otherEndpoint } from './endpoint.js';
import type { CallContext, SdkError } from './sdk-error.js';

const REGION_SHAPE = /^[a-z]{2}(-[a-z]+)+-\d+$/;
const UNREACHABLE =
  /^(ECONNREFUSED|ECONNRESET|ECONNABORTED|EPIPE|EHOSTUNREACH|ENETUNREACH|EAI_AGAIN|ENOTFOUND|EPROXY|EADDRNOTAVAIL|UND_ERR_.*)$/;
const TLS = /^(CERT_|DEPTH_ZERO|SELF_SIGNED|UNABLE_TO_|ERR_TLS|ERR_SSL|EPROTO)/;

/** Errors of the network and of the region; undefined for any other. */
export function networkProblem(error: SdkError, context: CallContext): CannotLookError | undefined {
  const code = error.code ?? '';
  if (error.message === 'Region is missing' || /^Region not accepted/.test(error.message))
    return badRegion(error, context);
  if (code === 'ENOTFOUND' && !REGION_SHAPE.test(context.region)) return badRegion(error, context);
  // First: the SDK gives resets the name TimeoutError too.
  if (UNREACHABLE.test(code) || error.message === 'socket hang up') return unreachable(error, context);
  if (error.name === 'TimeoutError' || code === 'ETIMEDOUT' || code === 'ESOCKETTIMEDOUT')
    return slow(error, context);
  if (TLS.test(code)) return untrusted(error, context);
  return undefined;
}

function badRegion(error: SdkError, { region }: CallContext): CannotLookError {
  return new CannotLookError({
    code: 'AWS_REGION_INVALID',
    message: region ? `"${region}" is not an AWS region.` : 'No AWS region is chosen.',
    next: ['Give one with --region or AWS_REGION, for example eu-west-1.'],
    cause: error,
  });
}

function slow(error: SdkError, { action, region }: CallContext): CannotLookError {
  return new CannotLookError({
    code: 'AWS_TIMEOUT',
    message: `AWS did not answer ${action} in ${region} in time: ${error.message}`,
    next: [
      'Check the network and the proxy settings, then run the command again; it goes on from where it was.',
    ],
    cause: error,
  });
}

function untrusted(error: SdkError, { action }: CallContext): CannotLookError {
  return new CannotLookError({
    code: 'AWS_TLS_UNTRUSTED',
    message: `The certificate that answered ${action} is not trusted: ${error.message}.`,
    why: 'Usually a proxy of the organisation that opens TLS connections.',
    next: [
      "Set NODE_EXTRA_CA_CERTS to the file with the organisation's root certificate and run the command again.",
    ],
    cause: error,
  });
}

function unreachable(error: SdkError, { action, region }: CallContext): CannotLookError {
  const other = otherEndpoint(process.env);
  return new CannotLookError({
    code: 'AWS_UNREACHABLE',
    message: `AWS could not be reached for ${action} in ${region}: ${error.message || error.code}.`,
    ...(error.code === 'ENOTFOUND'
      ? { why: `Either there is no network, or no region is called ${region}.` }
      : {}),
    next: [
      other === undefined
        ? 'Check the network, the region and the proxy settings, then run the command again.'
        : `${other} stands in the place of AWS, and does not answer: see whether it still runs (of the local cloud, .cachao/local/cloud.log may say why it ended; the next command with --local starts it again).`,
    ],
    cause: error,
  });
}
