import { AwsError, type Call, RawResponse } from '../../kernel/service.js';
import type { ObjectVersion } from './records.js';

/**
 * What the conditional headers of a read make of it: 304 where nothing is new, 412 where it is not what is wanted,
 * undefined where it goes on. An ETag's condition stands above that of a date (RFC 9110).
 */
export function conditionalAnswer(
  version: ObjectVersion,
  headers: Record<string, string>,
  { headers: asked }: Call,
): RawResponse | undefined {
  const since = (name: string) => {
    const time = Date.parse(asked[name] ?? '');
    // The dates have whole seconds.
    return Number.isNaN(time) ? undefined : Math.floor(version.modified / 1000) * 1000 > time;
  };
  const wanted = asked['if-match'];
  if (wanted !== undefined ? !names(wanted, version) : since('if-unmodified-since') === true)
    throw preconditionFailed(wanted !== undefined ? 'If-Match' : 'If-Unmodified-Since');
  const known = asked['if-none-match'];
  const unchanged = known !== undefined ? names(known, version) : since('if-modified-since') === false;
  if (!unchanged) return undefined;
  const { 'content-type': _, ...kept } = headers;
  return new RawResponse(304, kept, '');
}

/** Whether a list of ETags, or `*`, has the version's. */
export function names(list: string, { etag }: ObjectVersion): boolean {
  return list.split(',').some((one) => ['*', etag].includes(one.trim().replace(/^(W\/)?"(.*)"$/, '$2')));
}

export function preconditionFailed(Condition: string): AwsError {
  return new AwsError(
    'PreconditionFailed',
    'At least one of the pre-conditions you specified did not hold',
    412,
    { Condition },
  );
}
