import type { Answer, FunctionFailure } from './environment.js';

/** The largest response of a synchronous invocation, in bytes. */
const MAXIMUM_RESPONSE = 6_291_556;

export interface Verdict {
  status: 'success' | 'error' | 'timeout';
  payload: string;
  failure?: FunctionFailure;
  /** What Lambda itself adds to the log. */
  line?: string;
}

/** What the caller gets for a program's answer. */
export function judge(answer: Answer, requestId: string, timeoutSeconds: number, now: string): Verdict {
  switch (answer.kind) {
    case 'payload':
      if (Buffer.byteLength(answer.payload) <= MAXIMUM_RESPONSE)
        return { status: 'success', payload: answer.payload };
      return failed({
        errorType: 'Function.ResponseSizeTooLarge',
        errorMessage: `Response payload size exceeded maximum allowed payload size (${MAXIMUM_RESPONSE} bytes).`,
      });
    case 'failure':
      return failed(answer.failure);
    case 'timeout': {
      const text = `Task timed out after ${timeoutSeconds.toFixed(2)} seconds`;
      const failure = {
        errorType: 'Sandbox.Timedout',
        errorMessage: `RequestId: ${requestId} Error: ${text}`,
      };
      return { ...failed(failure), status: 'timeout', line: `${now} ${requestId} ${text}` };
    }
    default: {
      const text = `RequestId: ${requestId} Error: ${exitText(answer.code, answer.signal)}`;
      return {
        ...failed({ errorType: 'Runtime.ExitError', errorMessage: text }),
        line: `${text}\nRuntime.ExitError`,
      };
    }
  }
}

function failed(failure: FunctionFailure): Verdict {
  return { status: 'error', payload: JSON.stringify(failure), failure };
}

function exitText(code: number | null, signal: NodeJS.Signals | null): string {
  if (signal === 'SIGKILL') return 'Runtime exited with error: signal: killed';
  // V8 aborts when its heap is full.
  if (signal === 'SIGABRT' || signal === 'SIGTRAP' || code === 134)
    return 'Runtime exited with error: signal: aborted (core dumped)';
  if (signal !== null) return `Runtime exited with error: signal: ${signal}`;
  if (code === 0) return 'Runtime exited without providing a reason';
  return `Runtime exited with error: exit status ${code ?? 'unknown'}`;
}
