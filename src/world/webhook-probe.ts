import { PROBE_EVENT_ID, PROBE_EVENT_TYPE } from '../../handlers/contract/stripe-event.js';
import { CannotLookError } from '../core/errors.js';
import { signPayload } from '../stripe/signature.js';
import type { World } from './world.js';

const TIMEOUT_MS = 15_000;

export interface WebhookAnswer {
  status: number;
  /** First 200 characters. */
  body: string;
}

/** Posts without a signature: our own handler refuses with 400 and says so. */
export function postUnsigned(world: World, url: string): Promise<WebhookAnswer> {
  return world.once(`webhook.unsigned ${url}`, () => post(url, probeBody(), {}));
}

/** Posts a probe event signed with the secret: verified, acknowledged, never recorded. */
export async function postSigned(
  world: World,
  url: string,
  secret: string,
  purpose: string,
): Promise<WebhookAnswer> {
  return world.once(`webhook.signed ${purpose} ${url}`, async () => {
    const body = probeBody();
    return post(url, body, { 'stripe-signature': await signPayload(body, secret) });
  });
}

function probeBody(): string {
  const created = Math.floor(Date.now() / 1000);
  return JSON.stringify({
    id: `${PROBE_EVENT_ID}${created}`,
    object: 'event',
    type: PROBE_EVENT_TYPE,
    api_version: null,
    created,
    livemode: false,
    data: { object: {} },
  });
}

async function post(url: string, body: string, headers: Record<string, string>): Promise<WebhookAnswer> {
  try {
    const answer = await fetch(url, {
      method: 'POST',
      headers: { 'content-type': 'application/json', ...headers },
      body,
      redirect: 'manual',
      signal: AbortSignal.timeout(TIMEOUT_MS),
    });
    return { status: answer.status, body: (await answer.text()).slice(0, 200) };
  } catch (error) {
    const cause = (error as { cause?: { code?: string } }).cause?.code ?? (error as Error).message;
    throw new CannotLookError({
      code: 'WEBHOOK_UNREACHABLE',
      message: `${url} did not answer: ${cause}.`,
      next: ['Check the network from here; Stripe may still reach it.'],
      cause: error,
    });
  }
}
