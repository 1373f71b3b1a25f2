import { CachaoError } from '../core/errors.js';
import type { Happening, Mail } from '../output/local-report.js';

/** Follows what flows through a local cloud until the signal aborts or the cloud ends. */
export async function followHappenings(
  aws: string,
  signal: AbortSignal,
  told: (happening: Happening) => void,
): Promise<void> {
  try {
    const answer = await fetch(`${aws}/_cachao/happenings`, { signal });
    const decoder = new TextDecoder();
    let rest = '';
    for await (const chunk of answer.body ?? []) {
      const lines = (rest + decoder.decode(chunk as Uint8Array, { stream: true })).split('\n');
      rest = lines.pop() ?? '';
      for (const line of lines) told(JSON.parse(line) as Happening);
    }
  } catch (error) {
    if (!signal.aborted) throw ended(error);
  }
  if (!signal.aborted) throw ended();
}

function ended(cause?: unknown): CachaoError {
  return new CachaoError({
    code: 'LOCAL_CLOUD_ENDED',
    message: 'The local clouds ended, but not by this command.',
    next: ['Their state stays: cachao local starts them again.'],
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
