import { crc32Hex } from './crc.js';

/** A record of a table as JSON text; `null` when it is gone. */
export type Change = readonly [table: string, key: string, json: string];

/** Where a record's JSON lies in a journal. */
export class Place {
  constructor(
    readonly at: number,
    readonly length: number,
  ) {}
}

/** A change as it was read: `more` lines of the same flush follow. */
export interface Line {
  more: number;
  table: string;
  key: string;
  record: unknown;
  /** Undefined where another hand wrote the line, so that the record's bytes are not known. */
  place?: Place;
}

const CHECKSUM = 8;
const START = /[0-9a-f]{8} \d+ \["/g;

/**
 * `<CRC-32> <more> ["table","key",record]\n`: the checksum is over all that follows it. One change a line, so that a
 * damaged line costs one record; `more` counts down to 0, so that a flush which was torn is known as one.
 */
export function encodeLine(
  [table, key, json]: Change,
  more: number,
  at: number,
): { bytes: Buffer; place: Place } {
  const before = `${more} [${JSON.stringify(table)},${JSON.stringify(key)},`;
  const text = Buffer.from(`${before}${json}]`);
  const place = new Place(at + CHECKSUM + 1 + Buffer.byteLength(before), Buffer.byteLength(json));
  return { bytes: Buffer.concat([Buffer.from(`${crc32Hex(text)} `), text, Buffer.from('\n')]), place };
}

/** The change on a line without its newline, which begins at `at`; undefined when the line is not whole. */
export function decodeLine(bytes: Buffer, at: number): Line | undefined {
  const text = bytes.subarray(CHECKSUM + 1);
  if (bytes.toString('latin1', 0, CHECKSUM + 1) !== `${crc32Hex(text)} `) return undefined;
  const space = text.indexOf(0x20);
  const change = jsonOf(text.subarray(space + 1));
  if (!isChange(change)) return undefined;
  const [table, key, record] = change;
  const before = space + 2 + Buffer.byteLength(`${JSON.stringify(table)},${JSON.stringify(key)},`);
  const place = new Place(at + CHECKSUM + 1 + before, text.length - before - 1);
  return { more: Number(text.toString('latin1', 0, space)), table, key, record, place };
}

/** The whole lines inside bytes whose newlines were damaged. */
export function salvageLines(bytes: Buffer, at: number): Line[] {
  const starts = [...bytes.toString('latin1').matchAll(START)].map(({ index }) => index);
  // The newline after the last one may be among what was damaged.
  const ends = [...starts.slice(1).map((start) => start - 1), bytes.length, bytes.length - 1];
  const found: Line[] = [];
  let from = 0;
  for (const start of starts) {
    if (start < from) continue;
    for (const end of ends) {
      const line = end > start ? decodeLine(bytes.subarray(start, end), at + start) : undefined;
      if (!line) continue;
      found.push(line);
      from = end;
      break;
    }
  }
  return found;
}

/** Whether bytes after the last newline are the beginning of a line, as a process leaves it that dies while writing. */
export function isTorn(bytes: Buffer): boolean {
  const text = bytes.toString('latin1');
  if (text.startsWith('[')) return isPlain(bytes);
  return /^([0-9a-f]{0,7}|[0-9a-f]{8}( \d*( (\[.*)?)?)?)$/.test(text) && isPlain(bytes);
}

/** JSON on one line: no control characters, and UTF-8 but for a last character that may be cut. */
function isPlain(bytes: Buffer): boolean {
  if (bytes.some((byte) => byte < 0x20 || byte === 0x7f)) return false;
  return !bytes.toString('utf8').slice(0, -1).includes('\uFFFD');
}

/** A line as the first format had it: the JSON list of all changes of a flush. Undefined when it is not that. */
export function decodeOldLine(bytes: Buffer): Line[] | undefined {
  const changes = jsonOf(bytes);
  if (!Array.isArray(changes) || !changes.every(isChange)) return undefined;
  return changes.map(([table, key, record]) => ({ more: 0, table, key, record }));
}

function jsonOf(bytes: Buffer): unknown {
  try {
    return JSON.parse(bytes.toString('utf8'));
  } catch {
    return undefined;
  }
}

function isChange(given: unknown): given is [string, string, unknown] {
  return (
    Array.isArray(given) && given.length === 3 && typeof given[0] === 'string' && typeof given[1] === 'string'
  );
}
