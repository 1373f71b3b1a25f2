import http from 'node:http';
import { CachaoError } from '../core/errors.js';
import type { Happening, Mail } from '../output/local-report.js';

/**
 * Follows what flows through a local cloud until the signal aborts, however long nothing does (fetch gives up on a
 * body after five silent minutes). Throws LOCAL_CLOUD_ENDED.
 */
export async function followHappenings(
  aws: string,
  signal: AbortSignal,
  told: (happening: Happening) => void,
): Promise<void> {
  try {
    const answer = await open(`${aws}/_cachao/happenings`, signal);
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

function open(url: string, signal: AbortSignal): Promise<http.IncomingMessage> {
  return new Promise((resolve, reject) => {
    http.get(url, { agent: false, signal }, resolve).on('error', reject);
  });
}

function ended(why: string, cause?: unknown): CachaoError {
  return new CachaoError({
    code: 'LOCAL_CLOUD_ENDED',
    message: 'The local clouds ended, but not by this command.',
    why,
    next: [
      'Their state stays: cachao local starts them again. What they said last stands in .cachao/local/cloud.log.',
    ],
    cause,
  });
}

/** The mails that SNS would have sent, newest first. */
export async function inbox(aws: string): Promise<Mail[]> {
  const answer = await fetch(`${aws}/_cachao/inbox`);
  return ((await answer.json()) as { mails: Mail[] }).mails;
}

/** Opens the link in the oldest request to confirm. Throws NOTHING_TO_CONFIRM. */
export async function confirmSubscription(aws: string): Promise<string> {
  const answer = await fetch(`${aws}/_cachao/inbox/confirm`, { method: 'POST', body: '{}' });
  if (answer.ok) return ((await answer.json()) as { confirmed: string }).confirmed;
  throw new CachaoError({
    code: 'NOTHING_TO_CONFIRM',
    message: 'No subscription waits to be confirmed.',
    next: ['Run cachao setup --local --email you@example.com first; then look with cachao local --inbox.'],
  });
}
