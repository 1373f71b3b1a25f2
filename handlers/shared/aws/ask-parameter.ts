import { setTimeout as sleep } from 'node:timers/promises';
import type { AwsClient } from 'aws4fetch';
import { HandlerError } from '../errors.js';
import { awsClient, endpointOf } from './client.js';
import type { ParameterValue } from './parameters.js';

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
  const client = awsClient('ssm');
  const signal = AbortSignal.timeout(timeoutMs);
  for (let attempt = 1; ; attempt++) {
    const result = await ask(client, name, endpointOf('ssm'), signal);
    if ('value' in result || !result.passing || attempt >= attempts || signal.aborted) return result;
    await sleep(BACK_OFF_MS * 2 ** (attempt - 1) * (0.5 + Math.random() / 2));
  }
}

async function ask(
  client: AwsClient,
  name: string,
  url: string,
  signal: AbortSignal,
): Promise<ParameterValue | Refusal> {
  try {
    const response = await client.fetch(url, {
      method: 'POST',
      headers: { 'content-type': 'application/x-amz-json-1.1', 'x-amz-target': 'AmazonSSM.GetParameter' },
      body: JSON.stringify({ Name: name, WithDecryption: true }),
      signal,
    });
    return read(name, response.status, parse(await response.text()));
  } catch (error) {
    const cause = (error as { cause?: { code?: string } }).cause?.code ?? (error as Error).name;
    const message = `SSM could not be asked for the parameter ${name}: ${cause}.`;
    return { error: new HandlerError('CONFIGURATION', message, { cause: error }), passing: true };
  }
}

function read(
  name: string,
  status: number,
  { Parameter, __type }: ReturnType<typeof parse>,
): ParameterValue | Refusal {
  if (status === 200 && typeof Parameter?.Value === 'string')
    return { value: Parameter.Value, version: Number(Parameter.Version ?? 0) };
  const code = __type?.split('#').pop() ?? `HTTP ${status}`;
  return {
    error: new HandlerError('CONFIGURATION', `The SSM parameter ${name} could not be read: ${code}.`),
    passing: status >= 500 || status === 429 || THROTTLED.test(code),
  };
}

function parse(text: string): { Parameter?: { Value?: unknown; Version?: unknown }; __type?: string } {
  try {
    return JSON.parse(text) as ReturnType<typeof parse>;
  } catch {
    return {};
  }
}
