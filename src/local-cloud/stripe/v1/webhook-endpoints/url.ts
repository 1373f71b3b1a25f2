import { invalidRequest } from '../../http/errors.js';

/**
 * The URL, when Stripe may send events to it: absolute, and https in live mode. Stripe also wants it publicly
 * reachable; here it is this machine that must be.
 */
export function webhookUrl(url: string, livemode: boolean, param: string): string {
  let parsed: URL;
  try {
    parsed = new URL(url);
  } catch {
    throw invalidRequest(
      'Invalid URL: An explicit scheme (such as https) must be provided.',
      param,
      'url_invalid',
    );
  }
  if (parsed.protocol !== 'https:' && parsed.protocol !== 'http:')
    throw invalidRequest(
      `Invalid URL: the scheme ${parsed.protocol.slice(0, -1)} is not http or https.`,
      param,
      'url_invalid',
    );
  if (livemode && parsed.protocol !== 'https:')
    throw invalidRequest('Invalid URL: webhook endpoints must use https in live mode.', param, 'url_invalid');
  return url;
}
