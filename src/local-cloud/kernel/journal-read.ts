import type { Journal } from './journal.js';
import { decodeLine, decodeOldLine, isTorn, type Line, salvageLines } from './journal-line.js';

export const FORMAT = 'cachao-local-cloud';
export const VERSION = 2;
/** Lines held every change of a flush then, and no checksum. */
const OLD_VERSION = 1;

/** The first line. */
export interface Header {
  format: string;
  version: number;
  /** Names the key with which values are sealed. */
  key?: string;
  /** How many lines the journal had when it was written as a whole. */
  records?: number;
}

export interface Reading {
  /** Undefined when the first line is damaged. */
  header: Header | undefined;
  /** How many lines were whole. */
  whole: number;
  /** The bytes from which nothing could be read, and lines that are missing at the end. */
  damage: string[];
}

/** The journal is of a kind that this program does not know. */
export class ForeignJournal extends Error {}

/**
 * Reads every whole line, in order. A flush that was torn at the end (nobody was told of it) is left out; damage costs
 * the lines that it hit and no others.
 */
export function readJournal(journal: Journal, apply: (line: Line) => void): Reading {
  const reading: Reading = { header: undefined, whole: 0, damage: [] };
  let flush: Line[] = [];
  let number = 0;
  /** Whether damage may have hit the end of the flush that is being gathered. */
  let damaged = false;
  const take = (line: Line) => {
    reading.whole += 1;
    flush.push(line);
    if (line.more === 0) applyFlush();
  };
  const applyFlush = () => {
    for (const line of flush) apply(line);
    flush = [];
    damaged = false;
  };
  for (const { bytes, at, torn } of journal.lines()) {
    number += 1;
    if (number === 1) {
      reading.header = headerOf(bytes);
      if (reading.header) continue;
    }
    const lines = decode(bytes, at, reading.header);
    if (lines) {
      // Of a flush whose end is missing, but which others followed, what is whole is kept.
      const gap = flush.length > 0 && (lines[0]?.more ?? 0) !== (flush.at(-1)?.more ?? 0) - 1;
      if (gap) applyFlush();
      for (const line of lines) take(line);
    } else if (!torn || number === 1 || !isTorn(bytes)) {
      damaged = true;
      reading.damage.push(`bytes ${at} to ${at + bytes.length}`);
      for (const line of salvageLines(bytes, at)) take(line);
    }
  }
  if (damaged) applyFlush();
  const missing = (reading.header?.records ?? 0) - reading.whole - reading.damage.length;
  if (number === 0) reading.damage.push('all of it');
  else if (missing > 0) reading.damage.push(`${missing} lines at its end`);
  return reading;
}

function decode(bytes: Buffer, at: number, header: Header | undefined): Line[] | undefined {
  const line = decodeLine(bytes, at);
  if (line) return [line];
  return header === undefined || header.version === OLD_VERSION ? decodeOldLine(bytes) : undefined;
}

/** Undefined when the line is damaged. Throws `ForeignJournal`. */
function headerOf(bytes: Buffer): Header | undefined {
  let header: Partial<Header> | null;
  try {
    header = JSON.parse(bytes.toString('utf8')) as Partial<Header> | null;
  } catch {
    return undefined;
  }
  if (header?.format !== FORMAT || typeof header.version !== 'number') return undefined;
  if (header.version !== VERSION && header.version !== OLD_VERSION)
    throw new ForeignJournal(`is of version ${header.version}, which this version of cachao cannot read`);
  return header as Header;
}
