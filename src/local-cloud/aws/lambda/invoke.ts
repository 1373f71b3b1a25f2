import type { Call, Operation } from '../../kernel/service.js';
import { RawResponse } from '../../kernel/service.js';
import type { AsyncQueue } from './asynchronous/queue.js';
import { invalidMember, invalidParameter } from './errors.js';
import { referencedArn } from './function-reference.js';
import type { Invoker } from './invoker.js';
import { policyDocument } from './policy.js';
import type { LambdaState } from './state.js';

interface InvokeInput {
  FunctionName: string;
  Qualifier?: string;
  Payload?: Uint8Array;
}

/** `POST …/invocations`; type, log type and client context come in headers. */
export function invoke(state: LambdaState, invoker: Invoker, queue: AsyncQueue): Operation<InvokeInput> {
  return {
    action: 'lambda:InvokeFunction',
    resource: (input, call) => referencedArn(input.FunctionName, call.region),
    resourcePolicy: (input, call) =>
      policyDocument(state.policies.get(referencedArn(input.FunctionName, call.region))),
    handle: async (input, call) => {
      const type = call.headers['x-amz-invocation-type'] ?? 'RequestResponse';
      const text = Buffer.from(input.Payload ?? '').toString('utf8');
      const record = state.find(input.FunctionName, call.region, input.Qualifier);
      if (type === 'DryRun') return new RawResponse(204, {}, '');
      if (type === 'Event') {
        queue.accept(record, invoker.payload(text, 'Event'), call.requestId);
        return new RawResponse(202, { 'content-type': 'application/json' }, '');
      }
      if (type !== 'RequestResponse')
        throw invalidMember(
          'invocationType',
          type,
          'Member must satisfy enum value set: [Event, RequestResponse, DryRun]',
        );
      const payload = invoker.payload(text, 'RequestResponse');
      const result = await invoker.invoke(record, payload, clientContext(call), call.requestId);
      return new RawResponse(
        200,
        {
          'content-type': 'application/json',
          'x-amz-executed-version': '$LATEST',
          ...(result.functionError !== undefined && { 'x-amz-function-error': result.functionError }),
          ...(call.headers['x-amz-log-type'] === 'Tail' && { 'x-amz-log-result': result.logTail }),
        },
        result.payload,
      );
    },
  };
}

function clientContext(call: Call): unknown {
  const header = call.headers['x-amz-client-context'];
  if (header === undefined) return undefined;
  try {
    return JSON.parse(Buffer.from(header, 'base64').toString('utf8')) as unknown;
  } catch {
    throw invalidParameter('Client context must be a valid Base64-encoded JSON object.');
  }
}
