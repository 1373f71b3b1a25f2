import { readFileSync } from 'node:fs';
import { type Connection, createConnection } from 'mysql2/promise';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { mariadb, noMariadb } from '../../handlers/support/databases.js';
import { fc, inputs } from '../../support/property-tests.js';
import { describeWhere } from '../../support/where.js';
import { type Served, serveDatabase } from './client.js';
import { parse, prepareNumbers, type Reading, read, TEXTS } from './numbers-in-texts.js';

const RECORD = new URL('./fixtures/numbers-in-texts.json', import.meta.url);
const recorded = parse(readFileSync(RECORD, 'utf8'));
/** The upper half of BIGINT UNSIGNED is not kept here. */
const isTooLargeHere = ({ kept }: Reading) => BigInt(/^\d+$/.exec(kept.u ?? '')?.[0] ?? 0) >= 2n ** 63n;

let served: Served;
let here: Connection;
beforeAll(async () => {
  served = await serveDatabase();
  here = await served.client({ supportBigNumbers: true });
  await prepareNumbers(here);
});
afterAll(() => served.close());

describe('numbers in texts, as MariaDB 10.11 reads them', () => {
  it('are all written down', () => {
    expect(Object.keys(recorded).sort()).toEqual([...TEXTS].sort());
  });

  it('are read so by the embedded database', async () => {
    for (const text of TEXTS)
      expect({ text, ...(await read(here, text)) }).toEqual({ text, ...recorded[text] });
  });
});

const real = await mariadb();

describeWhere(real !== null, noMariadb())('numbers in texts, on this MariaDB', () => {
  let there: Connection;
  beforeAll(async () => {
    const {
      hostname: host,
      port,
      username: user,
      password,
      pathname,
    } = new URL((real as { url: string }).url);
    const database = pathname.slice(1);
    there = await createConnection({
      ...{ host, port: Number(port || 3306), user, password, database },
      supportBigNumbers: true,
    });
    await prepareNumbers(there);
  });
  afterAll(async () => {
    await there?.end();
    await real?.close();
  });

  it('are read as they are written down', async () => {
    for (const text of TEXTS)
      expect({ text, ...(await read(there, text)) }).toEqual({ text, ...recorded[text] });
  });

  const digits = fc.string({ unit: fc.constantFrom(...'0123456789'), maxLength: 24 });
  const blank = fc.string({ unit: fc.constantFrom(...' \t\n\r\v\f'), maxLength: 2 });
  const sign = fc.constantFrom('', '+', '-');
  const numeric = fc
    .tuple(
      ...[blank, sign, digits, fc.constantFrom('', '.'), digits],
      ...[
        fc.constantFrom('', 'e', 'E'),
        blank,
        sign,
        fc.nat(400).map(String),
        fc.constantFrom('', ' ', 'x', ' 1'),
      ],
    )
    .map((parts) => parts.join(''));
  const like = fc.string({ unit: fc.constantFrom(...'0123456789.-+ eEx'), maxLength: 16 });

  it('are read alike in any text', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.oneof(numeric, like, fc.string({ unit: 'binary', maxLength: 8 })),
        async (binary) => {
          const text = binary.replaceAll('\0', '');
          const [a, b]: Reading[] = await Promise.all([read(here, text), read(there, text)]);
          fc.pre(b !== undefined && !isTooLargeHere(b));
          expect(a).toEqual(b);
        },
      ),
      { numRuns: inputs(60) },
    );
  });
});
