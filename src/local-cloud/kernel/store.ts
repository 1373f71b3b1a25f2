import { createCipheriv, createDecipheriv, createHash, randomBytes } from 'node:crypto';
import fs from 'node:fs';
import path from 'node:path';

const FORMAT = 'cachao-local-cloud';
const VERSION = 1;
/** Rewriting costs a full dump, so the journal may grow by this much, or by what the last dump took, before it is worth it. */
const COMPACT_ABOVE_BYTES = 16 * 1024 * 1024;

/** One kind of record, by key. Records are plain JSON; change them only by `set`, so that they are journaled. */
export interface Table<T> {
  get(key: string): T | undefined;
  has(key: string): boolean;
  set(key: string, value: T): T;
  delete(key: string): boolean;
  keys(): string[];
  values(): T[];
  entries(): [string, T][];
  readonly size: number;
}

/**
 * The local cloud's whole state: named tables of JSON records and content-addressed blobs.
 * In memory, and, when given a directory, in a journal that is on disk before a response leaves (`flush`).
 * A torn last line (the process died while writing it, so nobody was told) is dropped; any other damage sets
 * the file aside and is reported through `warnings`.
 */
export class Store {
  readonly warnings: string[] = [];
  private readonly tables = new Map<string, Map<string, unknown>>();
  private dirty = new Map<string, [string, string]>();
  private readonly memoryBlobs = new Map<string, Buffer>();
  private readonly sealingKey: Buffer;
  private journal: number | undefined;
  private journalBytes = 0;
  private dumpBytes = 0;

  constructor(readonly directory?: string) {
    if (!directory) {
      this.sealingKey = randomBytes(32);
      return;
    }
    fs.mkdirSync(path.join(directory, 'blobs'), { recursive: true, mode: 0o700 });
    this.sealingKey = this.loadSealingKey(path.join(directory, 'key'));
    this.load();
    this.compact();
  }

  table<T>(name: string): Table<T> {
    const records = this.records(name) as Map<string, T>;
    const touch = (key: string) => {
      if (this.journal !== undefined) this.dirty.set(`${name}\u0000${key}`, [name, key]);
    };
    return {
      get: (key) => records.get(key),
      has: (key) => records.has(key),
      set: (key, value) => {
        records.set(key, value);
        touch(key);
        return value;
      },
      delete: (key) => {
        touch(key);
        return records.delete(key);
      },
      keys: () => [...records.keys()],
      values: () => [...records.values()],
      entries: () => [...records.entries()],
      get size() {
        return records.size;
      },
    };
  }

  /** Puts every change since the last flush on disk. Called before a response leaves; cheap when nothing changed. */
  flush(): void {
    if (this.journal === undefined || this.dirty.size === 0) return;
    const changes = [...this.dirty.values()].map(([table, key]) => [
      table,
      key,
      this.tables.get(table)?.get(key) ?? null,
    ]);
    this.dirty = new Map();
    const line = `${JSON.stringify(changes)}\n`;
    fs.writeSync(this.journal, line);
    this.journalBytes += Buffer.byteLength(line);
    if (this.journalBytes > Math.max(COMPACT_ABOVE_BYTES, this.dumpBytes)) this.compact();
  }

  /** Keeps bytes (a function's zip, an object) and returns their SHA-256 in hex, by which `blob` finds them. */
  putBlob(bytes: Uint8Array): string {
    const hash = createHash('sha256').update(bytes).digest('hex');
    if (!this.directory) this.memoryBlobs.set(hash, Buffer.from(bytes));
    else {
      const file = path.join(this.directory, 'blobs', hash);
      if (!fs.existsSync(file)) writeAtomically(file, bytes);
    }
    return hash;
  }

  blob(hash: string): Buffer | undefined {
    if (!this.directory) return this.memoryBlobs.get(hash);
    const file = path.join(this.directory, 'blobs', hash);
    return fs.existsSync(file) ? fs.readFileSync(file) : undefined;
  }

  /** Encrypts what must not be readable on disk (signing secrets, SecureStrings). */
  seal(text: string): string {
    const iv = randomBytes(12);
    const cipher = createCipheriv('aes-256-gcm', this.sealingKey, iv);
    const sealed = Buffer.concat([cipher.update(text, 'utf8'), cipher.final()]);
    return Buffer.concat([iv, cipher.getAuthTag(), sealed]).toString('base64');
  }

  unseal(sealed: string): string {
    const bytes = Buffer.from(sealed, 'base64');
    const decipher = createDecipheriv('aes-256-gcm', this.sealingKey, bytes.subarray(0, 12));
    decipher.setAuthTag(bytes.subarray(12, 28));
    return decipher.update(bytes.subarray(28), undefined, 'utf8') + decipher.final('utf8');
  }

  close(): void {
    this.flush();
    if (this.journal !== undefined) fs.closeSync(this.journal);
    this.journal = undefined;
  }

  private records(name: string): Map<string, unknown> {
    let records = this.tables.get(name);
    if (!records) {
      records = new Map();
      this.tables.set(name, records);
    }
    return records;
  }

  private get journalFile(): string {
    return path.join(this.directory as string, 'journal.jsonl');
  }

  private loadSealingKey(file: string): Buffer {
    if (fs.existsSync(file)) {
      const key = Buffer.from(fs.readFileSync(file, 'utf8').trim(), 'hex');
      if (key.length === 32) return key;
      this.setAside(file, 'is not a 256-bit key');
      if (fs.existsSync(this.journalFile))
        this.setAside(this.journalFile, 'was sealed with the key that is damaged');
    }
    const key = randomBytes(32);
    writeAtomically(file, `${key.toString('hex')}\n`);
    return key;
  }

  private load(): void {
    if (!fs.existsSync(this.journalFile)) return;
    const lines = fs.readFileSync(this.journalFile, 'utf8').split('\n');
    // The piece after the last newline is empty, or a line nobody was told of.
    lines.pop();
    try {
      const header = JSON.parse(lines[0] ?? 'null') as { format?: string; version?: number } | null;
      if (header?.format !== FORMAT || header.version !== VERSION)
        throw new Error(`has no ${FORMAT} version ${VERSION} header`);
      for (const [index, line] of lines.entries()) if (index > 0) this.replay(line, index + 1);
    } catch (error) {
      this.tables.clear();
      this.setAside(this.journalFile, (error as Error).message);
    }
  }

  private replay(line: string, lineNumber: number): void {
    let changes: [string, string, unknown][];
    try {
      changes = JSON.parse(line) as [string, string, unknown][];
    } catch {
      throw new Error(`line ${lineNumber} is not JSON`);
    }
    for (const [table, key, value] of changes) {
      if (value === null) this.records(table).delete(key);
      else this.records(table).set(key, value);
    }
  }

  private setAside(file: string, why: string): void {
    const kept = `${file}.damaged-${new Date().toISOString().replaceAll(':', '-')}`;
    fs.renameSync(file, kept);
    this.warnings.push(
      `The local cloud's ${path.basename(file)} ${why}; it was set aside as ${kept}, and the local cloud starts empty.`,
    );
  }

  private compact(): void {
    if (this.journal !== undefined) fs.closeSync(this.journal);
    const changes: string[] = [JSON.stringify({ format: FORMAT, version: VERSION })];
    for (const [table, records] of this.tables)
      for (const [key, value] of records) changes.push(JSON.stringify([[table, key, value]]));
    const text = `${changes.join('\n')}\n`;
    writeAtomically(this.journalFile, text);
    this.dumpBytes = Buffer.byteLength(text);
    this.journal = fs.openSync(this.journalFile, 'a', 0o600);
    // What is left after a rewrite is live; only growth beyond it counts towards the next one.
    this.journalBytes = 0;
    this.dirty = new Map();
  }
}

/** Replaces the file as a whole, readable by its owner only. */
export function writeAtomically(file: string, content: string | Uint8Array): void {
  const temporary = `${file}.${process.pid}.${randomBytes(4).toString('hex')}.tmp`;
  fs.writeFileSync(temporary, content, { mode: 0o600 });
  fs.renameSync(temporary, file);
}
