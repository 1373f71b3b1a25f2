import { crc32 } from 'node:zlib';
import { AwsError, type Call } from '../../kernel/service.js';

/** The content of an upload, freed from `aws-chunked` framing, its checksum verified. */
export function uploaded(body: Uint8Array, call: Call): { content: Buffer; crc32: string | null } {
  const raw = Buffer.from(body);
  const chunked = (call.headers['x-amz-content-sha256'] ?? '').startsWith('STREAMING-');
  const { content, trailers } = chunked
    ? unchunk(raw)
    : { content: raw, trailers: {} as Record<string, string> };
  const stated = call.headers['x-amz-checksum-crc32'] ?? trailers['x-amz-checksum-crc32'];
  if (stated !== undefined && stated !== checksum(content))
    throw new AwsError('BadDigest', 'The CRC32 you specified did not match the calculated checksum.');
  return { content, crc32: stated ?? null };
}

function checksum(content: Buffer): string {
  const bytes = Buffer.alloc(4);
  bytes.writeUInt32BE(crc32(content));
  return bytes.toString('base64');
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
