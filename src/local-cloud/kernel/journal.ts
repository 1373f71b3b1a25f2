import { randomBytes } from 'node:crypto';
import fs from 'node:fs';

const CHUNK_BYTES = 1024 * 1024;
const NEWLINE = 0x0a;

/** A record of a table as JSON text; `null` when it is gone. */
export type Change = readonly [table: string, key: string, json: string];

/** Where a record's JSON lies in a journal. */
export class Place {
  constructor(
    readonly at: number,
    readonly length: number,
  ) {}
}

/**
 * A file of lines that only grows: each is the JSON list of `[table, key, record]` that one flush wrote. A record can be
 * read back from where it lies, so that what is seldom asked for need not be kept in memory.
 */
export class Journal {
  private end: number;

  private constructor(private readonly file: number) {
    this.end = fs.fstatSync(file).size;
  }

  static open(path: string): Journal {
    return new Journal(fs.openSync(path, 'a+', 0o600));
  }

  /** Writes one line; it is the system's when this returns. */
  append(changes: readonly Change[]): Place[] {
    const { bytes, places } = encode(changes, this.end);
    writeAll(this.file, bytes);
    this.end += bytes.length;
    return places;
  }

  get bytes(): number {
    return this.end;
  }

  read(place: Place): string {
    const bytes = Buffer.allocUnsafe(place.length);
    let read = 0;
    while (read < place.length) {
      const more = fs.readSync(this.file, bytes, read, place.length - read, place.at + read);
      if (more === 0) throw new Error(`the journal ends before byte ${place.at + place.length}`);
      read += more;
    }
    return bytes.toString('utf8');
  }

  /** Every whole line; a piece after the last newline is nobody's. */
  *lines(): Generator<{ text: string; at: number }> {
    let rest = Buffer.alloc(0);
    let at = 0;
    for (let position = 0; position < this.end; ) {
      const chunk = Buffer.allocUnsafe(Math.min(CHUNK_BYTES, this.end - position));
      const read = fs.readSync(this.file, chunk, 0, chunk.length, position);
      if (read === 0) return;
      position += read;
      rest = Buffer.concat([rest, chunk.subarray(0, read)]);
      for (let end = rest.indexOf(NEWLINE); end >= 0; end = rest.indexOf(NEWLINE)) {
        yield { text: rest.toString('utf8', 0, end), at };
        at += end + 1;
        rest = rest.subarray(end + 1);
      }
    }
  }

  close(): void {
    fs.closeSync(this.file);
  }
}

/** Where the records of a line that begins at `at` lie: as `append` wrote them, or nowhere when the text is another's. */
export function placesIn(
  text: string,
  at: number,
  changes: readonly [string, string, unknown][],
): Place[] | undefined {
  const written = encode(
    changes.map(([table, key, record]): Change => [table, key, JSON.stringify(record)]),
    at,
  );
  return written.bytes.length === Buffer.byteLength(text) + 1 ? written.places : undefined;
}

/** Writes a journal as a whole beside another one, whose place it takes when `finish` is called. */
export class Rewrite {
  private readonly temporary: string;
  private readonly file: number;
  private readonly pending: Buffer[] = [];
  private pendingBytes = 0;
  private end = 0;

  constructor(private readonly path: string) {
    this.temporary = `${path}.${process.pid}.${randomBytes(4).toString('hex')}.tmp`;
    this.file = fs.openSync(this.temporary, 'w', 0o600);
  }

  header(text: string): void {
    this.write(Buffer.from(`${text}\n`));
  }

  add(change: Change): Place {
    const { bytes, places } = encode([change], this.end);
    this.write(bytes);
    return places[0] as Place;
  }

  finish(): Journal {
    this.flush();
    fs.closeSync(this.file);
    fs.renameSync(this.temporary, this.path);
    return Journal.open(this.path);
  }

  private write(bytes: Buffer): void {
    this.pending.push(bytes);
    this.pendingBytes += bytes.length;
    this.end += bytes.length;
    if (this.pendingBytes >= CHUNK_BYTES) this.flush();
  }

  private flush(): void {
    writeAll(this.file, Buffer.concat(this.pending.splice(0)));
    this.pendingBytes = 0;
  }
}

function encode(changes: readonly Change[], at: number): { bytes: Buffer; places: Place[] } {
  let text = '[';
  let end = at + 1;
  const places: Place[] = [];
  for (const [table, key, json] of changes) {
    const before = `${places.length > 0 ? ',' : ''}[${JSON.stringify(table)},${JSON.stringify(key)},`;
    const length = Buffer.byteLength(json);
    places.push(new Place(end + Buffer.byteLength(before), length));
    text += `${before}${json}]`;
    end += Buffer.byteLength(before) + length + 1;
  }
  return { bytes: Buffer.from(`${text}]\n`), places };
}

function writeAll(file: number, bytes: Buffer): void {
  for (let written = 0; written < bytes.length; ) written += fs.writeSync(file, bytes, written);
}
