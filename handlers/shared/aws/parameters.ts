import { setTimeout as sleep } from 'node:timers/promises';
import type { AwsClient } from 'aws4fetch';
import { HandlerError } from '../errors.js';
import { awsClient, endpointOf } from './client.js';

/** How long a value is used before SSM is asked again. */
const TIME_TO_LIVE_MS = 5 * 60_000;
/** For all attempts together. */
const TIMEOUT_MS = 5_000;
/** New execution environments all ask at once, and SSM's rate limit is low. */
const ATTEMPTS = 5;
const BACK_OFF_MS = 100;
const THROTTLED = /^(Throttl|TooManyRequests|RequestLimitExceeded)/;

interface Held {
  value: string;
  readAt: number;
}

const held = new Map<string, Held>();

/**
 * An SSM parameter's decrypted value, kept in the execution environment for five minutes.
 * @param olderThan ask again when the value is older than so many milliseconds
 * @throws HandlerError CONFIGURATION, with SSM's own error code
 */
export async function readParameter(name: string, olderThan = TIME_TO_LIVE_MS): Promise<string> {
  const known = held.get(name);
  if (known && Date.now() - known.readAt < olderThan) return known.value;
  const value = await getParameter(name);
  held.set(name, { value, readAt: Date.now() });
  return value;
}

async function getParameter(name: string): Promise<string> {
  const client = awsClient('ssm');
  const signal = AbortSignal.timeout(TIMEOUT_MS);
  for (let attempt = 1; ; attempt++) {
    const result = await ask(client, name, endpointOf('ssm'), signal);
    if ('value' in result) return result.value;
    if (!result.passing || attempt >= ATTEMPTS || signal.aborted) throw result.error;
    await sleep(BACK_OFF_MS * 2 ** (attempt - 1) * (0.5 + Math.random() / 2));
  }
}

type Asked =
  | { value: string }
  | { error: HandlerError /** Another attempt may succeed. */; passing: boolean };

async function ask(client: AwsClient, name: string, url: string, signal: AbortSignal): Promise<Asked> {
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

function read(name: string, status: number, answer: ReturnType<typeof parse>): Asked {
  if (status === 200 && typeof answer.Parameter?.Value === 'string') return { value: answer.Parameter.Value };
  const code = answer.__type?.split('#').pop() ?? `HTTP ${status}`;
  return {
    error: new HandlerError('CONFIGURATION', `The SSM parameter ${name} could not be read: ${code}.`),
    passing: status >= 500 || status === 429 || THROTTLED.test(code),
  };
}

function parse(text: string): { Parameter?: { Value?: unknown }; __type?: string } {
  try {
    return JSON.parse(text) as ReturnType<typeof parse>;
  } catch {
    return {};
  }
}
