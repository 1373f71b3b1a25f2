import { randomUUID } from 'node:crypto';
import type { LocalCloud } from '../../kernel/cloud.js';
import { ACCOUNT } from '../../kernel/cloud.js';
import type { LambdaPort } from '../../kernel/ports.js';
import type { Principal } from '../../kernel/service.js';
import type { AsyncQueue } from './asynchronous/queue.js';
import { accessDenied } from './errors.js';
import type { FunctionRecord } from './function-record.js';
import type { Invoker } from './invoker.js';
import { policyDocument } from './policy.js';
import type { LambdaState } from './state.js';

interface Request {
  functionArn: string;
  payload: string;
  principal: Principal;
  sourceArn?: string;
}

/** Invocations by other services, which need the function's resource policy. */
export function lambdaPort(
  cloud: LocalCloud,
  state: LambdaState,
  invoker: Invoker,
  queue: AsyncQueue,
): LambdaPort {
  const admit = (request: Request): FunctionRecord => {
    const record = state.find(request.functionArn, request.functionArn.split(':')[3] ?? '');
    const resourcePolicy = policyDocument(state.policies.get(record.arn));
    const allowed = cloud.port('iam').allows({
      principal: request.principal,
      action: 'lambda:InvokeFunction',
      resource: record.arn,
      context: sourceContext(request),
      ...(resourcePolicy !== undefined && { resourcePolicy }),
    });
    if (!allowed) throw accessDenied(nameOf(request.principal), 'lambda:InvokeFunction', record.arn);
    return record;
  };
  return {
    invoke: async (request) => {
      const record = admit(request);
      return invoker.invoke(record, invoker.payload(request.payload, 'RequestResponse'));
    },
    invokeAsync: (request) => {
      const record = admit(request);
      queue.accept(record, invoker.payload(request.payload, 'Event'), randomUUID());
    },
  };
}

/** EventBridge sends no source account with an invocation: a policy that asks for one never matches its rules. */
function sourceContext({ principal, sourceArn }: Request): Record<string, string> {
  const sendsAccount = principal.kind === 'service' && principal.service !== 'events.amazonaws.com';
  return {
    ...(sourceArn !== undefined && { 'aws:SourceArn': sourceArn }),
    ...(sendsAccount && { 'aws:SourceAccount': ACCOUNT }),
  };
}

function nameOf(principal: Principal): string {
  return principal.kind === 'service' ? principal.service : principal.arn;
}
