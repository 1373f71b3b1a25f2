import { element } from '../../kernel/protocols/xml.js';
import { RawResponse } from '../../kernel/service.js';

const NAMESPACE = 'http://s3.amazonaws.com/doc/2006-03-01/';

export function xml(root: string, content: object, status = 200): RawResponse {
  const body = element(root, content).replace(`<${root}>`, `<${root} xmlns="${NAMESPACE}">`);
  return new RawResponse(
    status,
    { 'content-type': 'application/xml' },
    `<?xml version="1.0" encoding="UTF-8"?>\n${body}`,
  );
}

export function empty(status: number, headers: Record<string, string> = {}): RawResponse {
  return new RawResponse(status, headers, '');
}

/** First text of an element; a request's small XML needs no more. */
export function textOf(document: string, name: string): string | undefined {
  return new RegExp(`<${name}>([^<]*)</${name}>`).exec(document)?.[1];
}
