import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { Store } from '../../src/local-cloud/kernel/store.js';
import { removeDirectory } from '../support/directories.js';

const RECORDS = 60;
/** What a record held before, which may come back when its last line is damaged. */
const was = (n: number) => ({ n, note: `first ${n}` });
const is = (n: number) => ({ n, note: `naïve ☃ "${n}"\n${'x'.repeat((n * 7) % 90)}` });

let directory: string;
let journal: string;
/** A journal with lines of a rewrite and of flushes of one and of several changes, and its key. */
let fresh: Buffer;
let key: Buffer;
beforeAll(async () => {
  const made = fs.mkdtempSync(path.join(os.tmpdir(), 'damage-'));
  const first = new Store(made);
  const table = first.table('orders');
  for (let n = 0; n < RECORDS; n += 1) table.set(`order ${n}`, was(n));
  first.close();
  const second = new Store(made);
  const orders = second.table('orders', { onDisk: true });
  const secrets = second.table<string>('secrets');
  for (let n = 0; n < RECORDS; n += 1) {
    orders.set(`order ${n}`, is(n));
    secrets.set(`secret ${n}`, second.seal(`hidden ${n} ${'y'.repeat(200)}`));
    if (n % 3 === 0) second.flush();
  }
  second.close();
  fresh = fs.readFileSync(path.join(made, 'journal.jsonl'));
  key = fs.readFileSync(path.join(made, 'key'));
  await removeDirectory(made);
});
beforeEach(() => {
  directory = fs.mkdtempSync(path.join(os.tmpdir(), 'damage-'));
  journal = path.join(directory, 'journal.jsonl');
  fs.writeFileSync(journal, fresh);
  fs.writeFileSync(path.join(directory, 'key'), key);
});
afterEach(() => removeDirectory(directory));

/** Opens what is there; the numbers of the records that are not as they were last. */
function open(): { lost: number[]; warnings: string[]; aside: string[] } {
  const store = new Store(directory);
  const orders = store.table<{ n: number }>('orders');
  const secrets = store.table<string>('secrets');
  const lost = new Set<number>();
  for (let n = 0; n < RECORDS; n += 1) {
    const order = orders.get(`order ${n}`);
    const sealed = secrets.get(`secret ${n}`);
    // Nothing that is told is ever made up.
    if (order !== undefined) expect([was(n), is(n)]).toContainEqual(order);
    if (sealed !== undefined) expect(store.unseal(sealed)).toBe(`hidden ${n} ${'y'.repeat(200)}`);
    if (JSON.stringify(order) !== JSON.stringify(is(n)) || sealed === undefined) lost.add(n);
  }
  store.close();
  const aside = fs.readdirSync(directory).filter((name) => name.startsWith('journal.jsonl.damaged'));
  return { lost: [...lost], warnings: [...store.warnings], aside };
}

/** The lines that bytes from `at` to `end` touch, newlines included. */
function linesHit(at: number, end: number): number {
  return 1 + fresh.subarray(at, end).filter((byte) => byte === 0x0a).length;
}

function damage(at: number, bytes: Buffer): void {
  const damaged = Buffer.from(fresh);
  bytes.copy(damaged, at);
  fs.writeFileSync(journal, damaged);
}

const PLACES = Array.from({ length: 25 }, (_, place) => place / 25);

describe.each<[string, (at: number) => Buffer]>([
  ['one flipped bit', (at) => Buffer.from([(fresh[at] as number) ^ 0x04])],
  ['50 bytes of 0xFF', () => Buffer.alloc(50, 0xff)],
  ['200 bytes of zero', () => Buffer.alloc(200)],
  ['a newline', () => Buffer.from('\n')],
  ['another hand’s JSON', () => Buffer.from('[["orders","order 1",{"n":1}]]\n')],
])('%s in a journal', (_what, bytesAt) => {
  it.each(PLACES)('at %f of its length costs what it hit, and nothing else', (share) => {
    let at = Math.floor(share * fresh.length);
    // A newline in place of a newline is no damage.
    if (fresh[at] === 0x0a) at += 1;
    const bytes = bytesAt(at).subarray(0, fresh.length - at);
    damage(at, bytes);
    const { lost, warnings, aside } = open();
    expect(lost.length).toBeLessThanOrEqual(linesHit(at, at + bytes.length));
    expect(warnings).toHaveLength(1);
    expect(warnings[0]).toMatch(
      /^The local cloud's journal\.jsonl was damaged \(.*\): .*set aside as \S+\.$/,
    );
    expect(aside).toHaveLength(1);
    // It is told once: what was whole was written anew.
    expect(open().warnings).toEqual([]);
  });
});

it('every flipped newline leaves the lines on both of its sides', () => {
  for (let at = fresh.indexOf('\n'); at >= 0; at = fresh.indexOf('\n', at + 1)) {
    damage(at, Buffer.from('\v'));
    expect(open().lost, String(at)).toEqual([]);
    for (const name of fs.readdirSync(directory))
      if (name.includes('.damaged')) fs.rmSync(path.join(directory, name));
  }
});

it('a journal that ends too early keeps what is there; a missing end of a rewrite is told', () => {
  fs.writeFileSync(journal, fresh.subarray(0, 2000));
  const { lost, warnings } = open();
  expect(lost.length).toBeGreaterThan(0);
  expect(warnings).toEqual([expect.stringMatching(/\d+ lines at its end/)]);
});

it.each([
  ['nothing', Buffer.alloc(0)],
  ['zeroes', Buffer.alloc(5000)],
  ['binary', Buffer.from(Array.from({ length: 5000 }, (_, n) => (n * 167 + 13) & 0xff))],
  ['another program’s text', Buffer.from('not a journal\nat all\n')],
  ['a later version', Buffer.from('{"format":"cachao-local-cloud","version":3}\n')],
])('a journal of %s is set aside, and the cloud starts empty', (_what, content) => {
  fs.writeFileSync(journal, content);
  const { lost, warnings, aside } = open();
  expect(lost).toHaveLength(RECORDS);
  expect(warnings).toEqual([expect.stringMatching(/^The local cloud's journal\.jsonl .* starts empty\.$/)]);
  expect(fs.readFileSync(path.join(directory, aside[0] as string))).toEqual(content);
});

it.each([
  ['empty', ''],
  ['of another length', 'abc123'],
  ['binary', Buffer.from([0xff, 0, 0xfe])],
  ['another state’s', '0123456789abcdef'.repeat(4)],
  ['gone', null],
])(
  'a key file that is %s sets the journal aside whole, which the right key opens again',
  (_what, content) => {
    const key = path.join(directory, 'key');
    const right = fs.readFileSync(key);
    if (content === null) fs.rmSync(key);
    else fs.writeFileSync(key, content);
    const { lost, warnings, aside } = open();
    expect(lost).toHaveLength(RECORDS);
    expect(warnings).toEqual([
      expect.stringMatching(/sealed with a key that is gone or damaged.* starts empty\.$/),
    ]);
    fs.writeFileSync(key, right);
    fs.renameSync(path.join(directory, aside[0] as string), journal);
    expect(open()).toMatchObject({ lost: [], warnings: [] });
  },
);

it('a flush that was torn is dropped whole and in silence; nobody was told of it', () => {
  const store = new Store(directory);
  const length = fs.statSync(journal).size;
  store.table('orders').set('order 1', { n: -1 });
  store.table('orders').set('order 2', { n: -2 });
  store.close();
  const lines = fs.readFileSync(journal).subarray(length).toString().split('\n');
  expect(lines).toHaveLength(3);
  fs.truncateSync(journal, length + (lines[0] as string).length + 1 + 10);
  expect(open()).toMatchObject({ lost: [], warnings: [] });
});

it('a state of the first format is read, and written anew in this one', () => {
  const lines = [
    '{"format":"cachao-local-cloud","version":1}',
    '[["orders","order 1",{"n":1,"note":"old"}],["orders","order 2",{"n":2}]]',
    '[["orders","order 3",{"n":3}],',
    '[["orders","order 2",null]]',
  ];
  fs.writeFileSync(journal, `${lines.join('\n')}\n[["orders","ord`);
  const store = new Store(directory);
  expect(store.warnings).toEqual([expect.stringMatching(/damaged \(bytes \d+ to \d+\)/)]);
  expect(store.table('orders').entries()).toEqual([['order 1', { n: 1, note: 'old' }]]);
  store.close();
  expect(new Store(directory).warnings).toEqual([]);
});
