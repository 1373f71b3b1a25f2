import { createCipheriv, createDecipheriv, createHash, randomBytes } from 'node:crypto';
import fs from 'node:fs';
import path from 'node:path';
import { type Change, Journal, Place, placesIn, Rewrite } from './journal.js';

const FORMAT = 'cachao-local-cloud';
const VERSION = 1;
/** Rewriting costs a full dump, so the journal may grow by this much, or by what the last dump took, before it is worth it. */
const COMPACT_ABOVE_BYTES = 16 * 1024 * 1024;

export interface TableOptions {
  /** For what there may be much of and is seldom read: its records stay in the journal, not in memory. */
  onDisk?: boolean;
}

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
  /** A record that is not in memory is the place where it lies in the journal. */
  private readonly tables = new Map<string, Map<string, unknown>>();
  private readonly onDisk = new Set<string>();
  private readonly inMemory = new Set<string>();
  private dirty = new Map<string, [string, string]>();
  private readonly memoryBlobs = new Map<string, Buffer>();
  private readonly sealingKey: Buffer;
  private journal: Journal | undefined;
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

  table<T>(name: string, { onDisk = false }: TableOptions = {}): Table<T> {
    const records = this.records(name);
    if (onDisk) this.onDisk.add(name);
    else this.bringIn(name, records);
    const touch = (key: string) => {
      if (this.journal !== undefined) this.dirty.set(`${name}\u0000${key}`, [name, key]);
    };
    const read = (record: unknown) => (record instanceof Place ? this.readBack(record) : record) as T;
    return {
      get: (key) => read(records.get(key)),
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
      values: () => [...records.values()].map(read),
      entries: () => [...records.entries()].map(([key, record]): [string, T] => [key, read(record)]),
      get size() {
        return records.size;
      },
    };
  }

  /** Puts every change since the last flush on disk. Called before a response leaves; cheap when nothing changed. */
  flush(): void {
    if (this.journal === undefined || this.dirty.size === 0) return;
    const changed = [...this.dirty.values()];
    this.dirty = new Map();
    const changes = changed.map(([table, key]): Change => [table, key, this.jsonOf(table, key)]);
    const places = this.journal.append(changes);
    for (const [index, [table, key]] of changed.entries())
      if (this.onDisk.has(table) && this.tables.get(table)?.has(key))
        this.records(table).set(key, places[index]);
    if (this.journal.bytes - this.dumpBytes > Math.max(COMPACT_ABOVE_BYTES, this.dumpBytes)) this.compact();
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
    this.journal?.close();
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

  /** What another process left lies in the journal until somebody wants the table. */
  private bringIn(name: string, records: Map<string, unknown>): void {
    if (this.inMemory.has(name)) return;
    this.inMemory.add(name);
    for (const [key, record] of records) if (record instanceof Place) records.set(key, this.readBack(record));
  }

  /** Nothing once the store is closed: who still asks then has no more answers to give. */
  private readBack(place: Place): unknown {
    return this.journal === undefined ? undefined : JSON.parse(this.journal.read(place));
  }

  private jsonOf(table: string, key: string): string {
    const record = this.tables.get(table)?.get(key);
    if (record instanceof Place) return (this.journal as Journal).read(record);
    return JSON.stringify(record ?? null);
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
    this.journal = Journal.open(this.journalFile);
    try {
      let number = 0;
      for (const { text, at } of this.journal.lines()) {
        number += 1;
        if (number === 1) checkHeader(text);
        else this.replay(text, at, number);
      }
      if (number === 0) checkHeader('null');
    } catch (error) {
      this.tables.clear();
      this.journal.close();
      this.journal = undefined;
      this.setAside(this.journalFile, (error as Error).message);
    }
  }

  private replay(text: string, at: number, lineNumber: number): void {
    let changes: [string, string, unknown][];
    try {
      changes = JSON.parse(text) as [string, string, unknown][];
    } catch {
      throw new Error(`line ${lineNumber} is not JSON`);
    }
    const places = placesIn(text, at, changes);
    for (const [index, [table, key, record]] of changes.entries()) {
      if (record === null) this.records(table).delete(key);
      else this.records(table).set(key, places?.[index] ?? record);
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
    const rewrite = new Rewrite(this.journalFile);
    rewrite.header(JSON.stringify({ format: FORMAT, version: VERSION }));
    const moved: [Map<string, unknown>, string, Place][] = [];
    for (const [table, records] of this.tables)
      for (const [key, record] of records) {
        const place = rewrite.add([table, key, this.jsonOf(table, key)]);
        if (record instanceof Place || this.onDisk.has(table)) moved.push([records, key, place]);
      }
    const next = rewrite.finish();
    this.journal?.close();
    this.journal = next;
    for (const [records, key, place] of moved) records.set(key, place);
    // What is left after a rewrite is live; only growth beyond it counts towards the next one.
    this.dumpBytes = next.bytes;
    this.dirty = new Map();
  }
}

function checkHeader(text: string): void {
  const header = JSON.parse(text) as { format?: string; version?: number } | null;
  if (header?.format !== FORMAT || header.version !== VERSION)
    throw new Error(`has no ${FORMAT} version ${VERSION} header`);
}

/** Replaces the file as a whole, readable by its owner only. */
export function writeAtomically(file: string, content: string | Uint8Array): void {
  const temporary = `${file}.${process.pid}.${randomBytes(4).toString('hex')}.tmp`;
  fs.writeFileSync(temporary, content, { mode: 0o600 });
  fs.renameSync(temporary, file);
}
