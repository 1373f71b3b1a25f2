import { randomBytes } from 'node:crypto';
import fs from 'node:fs';
import { type Change, encodeLine, type Place } from './journal-line.js';

const CHUNK_BYTES = 1024 * 1024;
const NEWLINE = 0x0a;

/**
 * A file of lines that only grows; each is a change that a flush wrote. A record can be read back from where it lies, so
 * that what is seldom asked for need not be kept in memory.
 */
export class Journal {
  private end: number;

  private constructor(private readonly file: number) {
    this.end = fs.fstatSync(file).size;
  }

  static open(path: string): Journal {
    return new Journal(fs.openSync(path, 'a+', 0o600));
  }

  /** Writes the changes of one flush; they are the system's when this returns. What fails leaves nothing behind. */
  append(changes: readonly Change[]): Place[] {
    let end = this.end;
    const lines = changes.map((change, index) => {
      const line = encodeLine(change, changes.length - 1 - index, end);
      end += line.bytes.length;
      return line;
    });
    try {
      writeAll(this.file, Buffer.concat(lines.map(({ bytes }) => bytes)));
    } catch (error) {
      fs.ftruncateSync(this.file, this.end);
      throw error;
    }
    this.end = end;
    return lines.map(({ place }) => place);
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

  /** Every line without its newline; what stands after the last newline is `torn`. */
  *lines(): Generator<{ bytes: Buffer; at: number; torn: boolean }> {
    let rest = Buffer.alloc(0);
    let at = 0;
    for (let position = 0; position < this.end; ) {
      const chunk = Buffer.allocUnsafe(Math.min(CHUNK_BYTES, this.end - position));
      const read = fs.readSync(this.file, chunk, 0, chunk.length, position);
      if (read === 0) break;
      position += read;
      rest = Buffer.concat([rest, chunk.subarray(0, read)]);
      for (let end = rest.indexOf(NEWLINE); end >= 0; end = rest.indexOf(NEWLINE)) {
        yield { bytes: rest.subarray(0, end), at, torn: false };
        at += end + 1;
        rest = rest.subarray(end + 1);
      }
    }
    if (rest.length > 0) yield { bytes: rest, at, torn: true };
  }

  close(): void {
    fs.closeSync(this.file);
  }
}

/** Writes a journal as a whole beside another one, whose place it takes when `finish` is called. */
export class Rewrite {
  private readonly temporary: string;
  private readonly file: number;
  private readonly pending: Buffer[] = [];
  private pendingBytes = 0;
  private end = 0;

  constructor(
    private readonly path: string,
    header: object,
  ) {
    this.temporary = `${path}.${process.pid}.${randomBytes(4).toString('hex')}.tmp`;
    this.file = fs.openSync(this.temporary, 'w', 0o600);
    this.write(Buffer.from(`${JSON.stringify(header)}\n`));
  }

  add(change: Change): Place {
    const { bytes, place } = encodeLine(change, 0, this.end);
    this.write(bytes);
    return place;
  }

  finish(): Journal {
    this.flush();
    fs.closeSync(this.file);
    fs.renameSync(this.temporary, this.path);
    return Journal.open(this.path);
  }

  /** Nothing of it is left. */
  abandon(): void {
    try {
      fs.closeSync(this.file);
    } catch {
      // It was closed before its name could be changed.
    }
    fs.rmSync(this.temporary, { force: true });
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

function writeAll(file: number, bytes: Buffer): void {
  for (let written = 0; written < bytes.length; ) written += fs.writeSync(file, bytes, written);
}
