import { createCipheriv, createDecipheriv, createHash, randomBytes } from 'node:crypto';
import fs from 'node:fs';
import path from 'node:path';
import { type StorageError, writing } from './failure.js';
import { Journal, Rewrite } from './journal.js';
import { type Change, type Line, Place } from './journal-line.js';
import { FORMAT, ForeignJournal, type Reading, readJournal, VERSION } from './journal-read.js';

/** Rewriting costs a full dump, so the journal may grow by this much, or by what the last dump took, before it is worth it. */
const COMPACT_ABOVE_BYTES = 16 * 1024 * 1024;

/** A string that may be a sealed value: 28 bytes and what was sealed, in Base64. */
const SEALED = /"([A-Za-z0-9+/]{38,}={0,2})"/g;

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
 * In memory, and, when given a directory, in a journal that is on disk before a response leaves (`persist`).
 * A torn last flush (the process died while writing it, so nobody was told) is dropped. Any other damage costs the
 * records that it hit: the damaged file is kept beside the journal, and `warnings` says so.
 */
export class Store {
  readonly warnings: string[] = [];
  /** A record that is not in memory is the place where it lies in the journal. */
  private readonly tables = new Map<string, Map<string, unknown>>();
  private readonly onDisk = new Set<string>();
  private readonly inMemory = new Set<string>();
  private dirty = new Map<string, [string, string]>();
  private readonly memoryBlobs = new Map<string, Buffer>();
  private sealingKey: Buffer = randomBytes(32);
  private journal: Journal | undefined;
  private dumpBytes = 0;
  private failure: StorageError | undefined;

  /** Throws `StorageError` when the directory cannot be written to. */
  constructor(readonly directory?: string) {
    if (!directory) return;
    writing(directory, () => {
      fs.mkdirSync(path.join(directory, 'blobs'), { recursive: true, mode: 0o700 });
      this.open(path.join(directory, 'key'));
    });
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

  /**
   * Puts every change since the last flush on disk; cheap when nothing changed. What the disk refuses stays for the next
   * flush: who answers for a change asks `persist`.
   */
  flush(): void {
    if (this.journal === undefined || this.dirty.size === 0) return;
    const changed = [...this.dirty.values()];
    const changes = changed.map(([table, key]): Change => [table, key, this.jsonOf(table, key)]);
    let places: Place[];
    try {
      places = writing(this.journalFile, () => (this.journal as Journal).append(changes));
    } catch (error) {
      this.failure = error as StorageError;
      return;
    }
    this.dirty = new Map();
    this.failure = undefined;
    for (const [index, [table, key]] of changed.entries())
      if (this.onDisk.has(table) && this.tables.get(table)?.has(key))
        this.records(table).set(key, places[index]);
    if (this.journal.bytes - this.dumpBytes > Math.max(COMPACT_ABOVE_BYTES, this.dumpBytes)) this.compact();
  }

  /** Flushes before a response leaves. Throws `StorageError` when a change is not on disk. */
  persist(): void {
    this.flush();
    if (this.failure) throw this.failure;
  }

  /** Keeps bytes (a function's zip, an object) and returns their SHA-256 in hex, by which `blob` finds them. */
  putBlob(bytes: Uint8Array): string {
    const hash = createHash('sha256').update(bytes).digest('hex');
    if (!this.directory) this.memoryBlobs.set(hash, Buffer.from(bytes));
    else {
      const file = path.join(this.directory, 'blobs', hash);
      if (!fs.existsSync(file)) writing(file, () => writeAtomically(file, bytes));
    }
    return hash;
  }

  blob(hash: string): Buffer | undefined {
    if (!this.directory) return this.memoryBlobs.get(hash);
    const file = path.join(this.directory, 'blobs', hash);
    if (!fs.existsSync(file)) return undefined;
    const bytes = fs.readFileSync(file);
    if (createHash('sha256').update(bytes).digest('hex') === hash) return bytes;
    throw new Error(`the stored file ${file} is damaged: upload again what it held`);
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

  /** Changes text inside every record, sealed values included, in one flush. What `change` leaves as it is stays. */
  rewriteText(change: (text: string) => string): void {
    const resealed = (whole: string, sealed: string) => {
      const text = this.tryUnseal(sealed);
      if (text === undefined) return whole;
      const changed = change(text);
      return changed === text ? whole : JSON.stringify(this.seal(changed));
    };
    for (const name of this.tables.keys()) {
      const table = this.table<unknown>(name, { onDisk: this.onDisk.has(name) });
      for (const [key, record] of table.entries()) {
        const text = JSON.stringify(record);
        const changed = change(text).replace(SEALED, resealed);
        if (changed !== text) table.set(key, JSON.parse(changed));
      }
    }
    this.flush();
  }

  private tryUnseal(sealed: string): string | undefined {
    try {
      return this.unseal(sealed);
    } catch {
      return undefined;
    }
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

  private open(keyFile: string): void {
    const known = this.loadKey(keyFile);
    const reading = fs.existsSync(this.journalFile) ? this.load(known) : undefined;
    if (reading && reading.damage.length > 0) this.keepDamaged(reading);
    const stays = reading !== undefined && reading.damage.length === 0 && reading.header?.version === VERSION;
    this.compact(stays);
  }

  /** Whether the key that was there is in use; a new one takes the place of none, or of a damaged one. */
  private loadKey(file: string): boolean {
    if (fs.existsSync(file)) {
      const text = fs.readFileSync(file, 'utf8').trim();
      if (/^[0-9a-f]{64}$/.test(text)) {
        this.sealingKey = Buffer.from(text, 'hex');
        return true;
      }
      fs.renameSync(file, asideName(file));
    }
    writeAtomically(file, `${this.sealingKey.toString('hex')}\n`);
    return false;
  }

  /** Names the key without telling it. */
  private get keyName(): string {
    return createHash('sha256')
      .update('cachao-local-cloud')
      .update(this.sealingKey)
      .digest('hex')
      .slice(0, 16);
  }

  /** Undefined when the journal was set aside. */
  private load(keyKnown: boolean): Reading | undefined {
    this.journal = Journal.open(this.journalFile);
    try {
      const reading = readJournal(this.journal, (line) => this.replay(line));
      const sealedWith = reading.header?.key;
      if (sealedWith === undefined ? !keyKnown : sealedWith !== this.keyName)
        return this.setAside('was sealed with a key that is gone or damaged, so nothing in it can be opened');
      if (reading.whole > 0 || reading.damage.length === 0) return reading;
      return this.setAside('has no line that can be read');
    } catch (error) {
      if (!(error instanceof ForeignJournal)) throw error;
      return this.setAside(error.message);
    }
  }

  private replay({ table, key, record, place }: Line): void {
    if (record === null) this.records(table).delete(key);
    else this.records(table).set(key, place ?? record);
  }

  private setAside(why: string): undefined {
    this.tables.clear();
    this.journal?.close();
    this.journal = undefined;
    const kept = asideName(this.journalFile);
    fs.renameSync(this.journalFile, kept);
    this.warnings.push(
      `The local cloud's journal.jsonl ${why}; it was set aside as ${kept}, and the local cloud starts empty.`,
    );
    return undefined;
  }

  private keepDamaged({ damage }: Reading): void {
    const kept = asideName(this.journalFile);
    fs.copyFileSync(this.journalFile, kept);
    const named = damage.length > 3 ? [...damage.slice(0, 3), `${damage.length - 3} more places`] : damage;
    this.warnings.push(
      `The local cloud's journal.jsonl was damaged (${named.join(', ')}): what was written there is lost or as it was before, everything else was kept, and the damaged file was set aside as ${kept}.`,
    );
  }

  /** `stays`: where there is no room for another journal, the one that is there goes on. */
  private compact(stays = true): void {
    let records = 0;
    for (const table of this.tables.values()) records += table.size;
    const moved: [Map<string, unknown>, string, Place][] = [];
    let rewrite: Rewrite | undefined;
    try {
      rewrite = new Rewrite(this.journalFile, {
        format: FORMAT,
        version: VERSION,
        key: this.keyName,
        records,
      });
      for (const [table, kept] of this.tables)
        for (const [key, record] of kept) {
          const place = rewrite.add([table, key, this.jsonOf(table, key)]);
          if (record instanceof Place || this.onDisk.has(table)) moved.push([kept, key, place]);
        }
      const next = rewrite.finish();
      this.journal?.close();
      this.journal = next;
    } catch (error) {
      rewrite?.abandon();
      if (!stays || this.journal === undefined) throw error;
      this.dumpBytes = this.journal.bytes;
      return;
    }
    for (const [kept, key, place] of moved) kept.set(key, place);
    // What is left after a rewrite is live; only growth beyond it counts towards the next one.
    this.dumpBytes = this.journal.bytes;
    this.dirty = new Map();
  }
}

const asideName = (file: string): string =>
  `${file}.damaged-${new Date().toISOString().replaceAll(':', '-')}`;

/** Replaces the file as a whole, readable by its owner only. */
export function writeAtomically(file: string, content: string | Uint8Array): void {
  const temporary = `${file}.${process.pid}.${randomBytes(4).toString('hex')}.tmp`;
  fs.writeFileSync(temporary, content, { mode: 0o600 });
  fs.renameSync(temporary, file);
}
