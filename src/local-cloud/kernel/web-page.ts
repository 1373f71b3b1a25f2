import type { HttpHead } from './http.js';

const LOOPBACK = ['127.0.0.1', 'localhost', '[::1]'];

/**
 * Says why a request may be a web page's in this machine's browser, which reaches loopback too; undefined when it comes
 * from a program, or from a page of this listener's own. Judged by what browsers send and pages cannot forge.
 */
export function describeWebPage({ headers }: HttpHead): string | undefined {
  const host = headers.host ?? '';
  if (!LOOPBACK.includes(host.replace(/:\d+$/, '')))
    return `The local cloud answers at a loopback address only, not as ${host || 'a host without a name'}.`;
  const { origin } = headers;
  if (origin !== undefined && origin !== `http://${host}`)
    return `The local cloud answers programs on this machine, not the web page of ${origin}.`;
  const site = headers['sec-fetch-site'];
  if (site !== undefined && site !== 'same-origin' && site !== 'none')
    return `The local cloud answers programs on this machine, not web pages (Sec-Fetch-Site: ${site}).`;
  return undefined;
}

/** Whether a person follows a link or a redirect: the page that led here learns nothing of the answer. */
export function isNavigation({ method, headers }: HttpHead): boolean {
  return (
    method === 'GET' && headers['sec-fetch-mode'] === 'navigate' && headers['sec-fetch-dest'] === 'document'
  );
}
