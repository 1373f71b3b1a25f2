import { AwsError, type Call } from '../../kernel/service.js';
import { type Checksum, verify } from './checksums.js';

/** The content of an upload, freed from `aws-chunked` framing, its checksums verified. */
export function uploaded(body: Uint8Array, call: Call): { content: Buffer; checksum: Checksum } {
  const raw = Buffer.from(body);
  const chunked = (call.headers['x-amz-content-sha256'] ?? '').startsWith('STREAMING-');
  const { content, trailers } = chunked
    ? unchunk(raw)
    : { content: raw, trailers: {} as Record<string, string> };
  return { content, checksum: verify(content, { ...call.headers, ...trailers }) };
}

/** `<hex size>[;chunk-signature=…]\r\n<bytes>\r\n … 0\r\n<trailers>\r\n` */
function unchunk(raw: Buffer): { content: Buffer; trailers: Record<string, string> } {
  const parts: Buffer[] = [];
  let at = 0;
  for (;;) {
    const lineEnd = raw.indexOf('\r\n', at);
    const size = Number.parseInt(raw.subarray(at, lineEnd).toString('ascii'), 16);
    if (lineEnd < 0 || Number.isNaN(size))
      throw new AwsError('IncompleteBody', 'The request body terminated unexpectedly');
    at = lineEnd + 2;
    if (size === 0) break;
    parts.push(raw.subarray(at, at + size));
    at += size + 2;
  }
  const trailers: Record<string, string> = {};
  for (const line of raw.subarray(at).toString('ascii').split('\r\n')) {
    const colon = line.indexOf(':');
    if (colon > 0) trailers[line.slice(0, colon).toLowerCase()] = line.slice(colon + 1).trim();
  }
  return { content: Buffer.concat(parts), trailers };
}
