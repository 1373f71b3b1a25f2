import { setTimeout as sleep } from 'node:timers/promises';
import { HandlerError } from '../errors.js';
import { type AwsAnswer, callAws, errorCodeOf } from './call.js';

/** A parameter as SSM had it. A parameter that was deleted and made anew counts its versions from 1 again. */
export interface ParameterValue {
  value: string;
  version: number;
}

export interface Patience {
  attempts: number;
  /** For all attempts together. */
  timeoutMs: number;
}

export interface Refusal {
  error: HandlerError;
  /** Another attempt may succeed. */
  passing: boolean;
}

const BACK_OFF_MS = 100;
const THROTTLED = /^(Throttl|TooManyRequests|RequestLimitExceeded)/;

/** Asks SSM for one parameter, and again while it throttles, fails or does not answer. */
export async function askForParameter(
  name: string,
  { attempts, timeoutMs }: Patience,
): Promise<ParameterValue | Refusal> {
  const signal = AbortSignal.timeout(timeoutMs);
  for (let attempt = 1; ; attempt++) {
    const result = await ask(name, signal);
    if ('value' in result || !result.passing || attempt >= attempts || signal.aborted) return result;
    await sleep(BACK_OFF_MS * 2 ** (attempt - 1) * (0.5 + Math.random() / 2));
  }
}

async function ask(name: string, signal: AbortSignal): Promise<ParameterValue | Refusal> {
  try {
    const input = { Name: name, WithDecryption: true };
    const target = 'AmazonSSM.GetParameter';
    return read(name, await callAws({ service: 'ssm', target, jsonVersion: '1.1', input, signal }));
  } catch (error) {
    const cause = signal.aborted
      ? 'TimeoutError'
      : ((error as { code?: string }).code ?? (error as Error).name);
    const message = `SSM could not be asked for the parameter ${name}: ${cause}.`;
    return { error: new HandlerError('CONFIGURATION', message, { cause: error }), passing: true };
  }
}

function read(name: string, answer: AwsAnswer): ParameterValue | Refusal {
  const { status, body } = answer;
  const parameter = body.Parameter as { Value?: unknown; Version?: unknown } | undefined;
  if (status === 200 && typeof parameter?.Value === 'string')
    return { value: parameter.Value, version: Number(parameter.Version ?? 0) };
  const code = errorCodeOf(answer) ?? `HTTP ${status}`;
  return {
    error: new HandlerError('CONFIGURATION', `The SSM parameter ${name} could not be read: ${code}.`),
    passing: status >= 500 || status === 429 || THROTTLED.test(code),
  };
}
