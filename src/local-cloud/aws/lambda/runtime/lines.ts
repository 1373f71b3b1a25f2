import type { Readable } from 'node:stream';

/** Calls back with each complete line, and with what remains at the end. Only a newline ends a line. */
export function onLines(stream: Readable, take: (line: string) => void): void {
  let partial: Buffer[] = [];
  stream.on('data', (chunk: Buffer) => {
    let from = 0;
    for (let end = chunk.indexOf(10); end >= 0; end = chunk.indexOf(10, from)) {
      partial.push(chunk.subarray(from, end));
      take(Buffer.concat(partial).toString('utf8'));
      partial = [];
      from = end + 1;
    }
    if (from < chunk.length) partial.push(chunk.subarray(from));
  });
  stream.on('end', () => {
    if (partial.length > 0) take(Buffer.concat(partial).toString('utf8'));
  });
  stream.on('error', () => {});
}
