import http from 'node:http';
import { CachaoError } from '../../core/errors.js';
import type { LaunchedCloud } from '../../local-cloud/launch.js';
import type { Happening, Mail } from './render-report.js';

/** Where a local cloud's admin routes are, and what opens them. */
export type AdminAddress = Pick<LaunchedCloud, 'aws' | 'token'>;

const headersOf = ({ token }: AdminAddress) => ({ 'x-cachao-token': token });

function ask(cloud: AdminAddress, route: string, method = 'GET'): Promise<Response> {
  return fetch(`${cloud.aws}/_cachao/${route}`, { method, headers: headersOf(cloud) });
}

/**
 * Follows what flows through a local cloud until the signal aborts, however long nothing does (fetch gives up on a
 * body after five silent minutes). Throws LOCAL_CLOUD_ENDED.
 */
export async function followHappenings(
  cloud: AdminAddress,
  signal: AbortSignal,
  told: (happening: Happening) => void,
): Promise<void> {
  try {
    const answer = await open(cloud, 'happenings', signal);
    let rest = '';
    for await (const chunk of answer.setEncoding('utf8')) {
      const lines = (rest + chunk).split('\n');
      rest = lines.pop() ?? '';
      for (const line of lines) told(JSON.parse(line) as Happening);
    }
  } catch (error) {
    if (!signal.aborted) throw ended(`The connection to them broke: ${(error as Error).message}.`, error);
  }
  if (!signal.aborted)
    throw ended('They closed the connection: their process was ended, or ran into an error.');
}

function open(cloud: AdminAddress, route: string, signal: AbortSignal): Promise<http.IncomingMessage> {
  return new Promise((resolve, reject) => {
    const options = { agent: false, signal, headers: headersOf(cloud) };
    http.get(`${cloud.aws}/_cachao/${route}`, options, resolve).on('error', reject);
  });
}

function ended(why: string, cause?: unknown): CachaoError {
  return new CachaoError({
    code: 'LOCAL_CLOUD_ENDED',
    message: 'The local clouds ended, but not by this command.',
    why,
    next: [
      'Their state stays: cachao local starts them again. Their last output is in .cachao/local/cloud.log.',
    ],
    cause,
  });
}

/** The mails that SNS would have sent, newest first. */
export async function inbox(cloud: AdminAddress): Promise<Mail[]> {
  const answer = await ask(cloud, 'inbox');
  return ((await answer.json()) as { mails: Mail[] }).mails;
}

/** Opens the link in the oldest request to confirm. Throws NOTHING_TO_CONFIRM. */
export async function confirmSubscription(cloud: AdminAddress): Promise<string> {
  const answer = await ask(cloud, 'inbox/confirm', 'POST');
  if (answer.ok) return ((await answer.json()) as { confirmed: string }).confirmed;
  throw new CachaoError({
    code: 'NOTHING_TO_CONFIRM',
    message: 'No subscription waits to be confirmed.',
    next: ['Run cachao setup --local --email you@example.com first; then look with cachao local --inbox.'],
  });
}
