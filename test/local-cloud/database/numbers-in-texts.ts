import type { Connection } from 'mysql2/promise';
import { outcome } from './client.js';

/** Texts that are read as numbers in different ways, or not at all. Counterexamples that were found are added here. */
export const TEXTS = [
  ...[
    '',
    ' ',
    'x',
    '-',
    '+',
    '.',
    '-.',
    '.e1',
    'e5',
    '--2',
    '+-2',
    '- 2',
    '+ 2',
    'NaN',
    'inf',
    'true',
    '２',
    '\u00a02',
  ],
  ...[
    '2',
    ' 2',
    '2 ',
    '\t2',
    '\n2\r',
    '\v2\f',
    '+2',
    ' +2',
    '-2',
    '00002',
    '2.',
    '2.0',
    '2.00',
    '.5',
    '+.5',
    '-.5',
    '-0',
    '-0.0',
  ],
  ...[
    '2  x',
    '2x',
    '2,5',
    '2_0',
    '2 3',
    '2.x',
    '12.34x',
    '12.34 x',
    '2\u00a0',
    '0x2',
    '0x',
    '0b10',
    "x'02'",
    '0x1p3',
  ],
  ...[
    '2.004',
    '2.005',
    '2.5',
    '-2.5',
    '1.5',
    '0.5',
    '-0.4',
    '12.34',
    '12.340',
    '12.345',
    '12.344999',
    '0.00005',
    '0.00004x',
  ],
  ...[
    '2E0',
    '20e-1',
    '.2e1',
    '2.e0',
    '1e2',
    '1e+2',
    '2e',
    '2e+',
    '2e-',
    '2ex',
    '2e1x',
    '2e1.5',
    '2e1e1',
    '2e1 ',
    '2e1\t',
  ],
  ...[
    '2E 9',
    '6E 4',
    '2e 0',
    '2e 1',
    '2e\t1',
    '2e +0',
    '2e -1',
    '2e+ 1',
    '2e - 1',
    '1.2e 1x',
    '1234e -2',
    '2 e1',
  ],
  ...['255', '256', '-1', '2147483647', '2147483648', '-2147483648', '-2147483649', '4294967296'],
  ...[
    '9223372036854775807',
    '9223372036854775807.4',
    '9223372036854775806.5',
    '-9223372036854775808',
    '-9223372036854775809',
  ],
  ...[
    '99999999.99',
    '99999999.994',
    '99999999.995',
    '99999999.995x',
    '99999999999999.9999',
    '99999999999999.99995',
  ],
  ...[
    '99999999999999999999x',
    '99999999999999999999999',
    '12.3400000000000000001',
    '2.0000000000000000000001',
  ],
  ...[
    '1e18',
    '1e20',
    '1e-20',
    '1e39',
    '1e-39',
    '1e-40',
    '7e-41',
    '5e-40',
    '1e64',
    '1e65',
    '-1e65',
    '1e65x',
    '5e65 1',
    '1e80x',
    '1e81x',
    '1e99x',
    '1e-99x',
    '1e100',
  ],
  ...[
    '1e209',
    '1e210',
    '0e209',
    '0e210',
    '1e-209',
    '1e-210',
    '0e-400',
    '0e400',
    '1e308',
    '1e309',
    '-1e309',
    '1e309x',
    '1e400',
  ],
  ...['1.7976931348623157e308', '1.7976931348623159e308', '4.9e-324', '2e-324', '1e-400', '-1e400', '1e400x'],
  ...[
    '1e1073741823',
    '-1e1073741823',
    '-1e1073741824',
    '1e-1073741825',
    '-1e18446744073709551616',
    '1e-18446744073709551616',
  ],
  `${'0'.repeat(60)}12.34`,
  `${'9'.repeat(65)}.5`,
  `1${'0'.repeat(80)}e-80`,
  `1${'0'.repeat(81)}e-81`,
  `0.${'0'.repeat(70)}11e71`,
  `0.${'0'.repeat(72)}11e73`,
  `.${'0'.repeat(75)}11e76`,
  ...['0e ', '2e ', '2E\t', '2e+ ', '2e- ', '300e ', '2.5e ', '2e x', '2ex '],
  ...['.300.', '0.300.', ' .300.', '300.0.', '-1.5.', '1.2.3e4', '12345678901.2.', '1844674407370955161.1.'],
  ...[
    '.400e',
    '.400e+',
    '.400e-',
    '30.0e+',
    '.0E-200',
    '.1e-198',
    '.00E-190',
    '.000e-188',
    '0.00e220',
    '.0e220',
  ],
  ...[
    '1234567890123456789012345678901234567890e-38',
    '0.0000000000000000000001e21',
    '0.0000000000000000000001e-1',
  ],
  '0.00000000000000000000000000e-0',
];

const COLUMNS = {
  i: 'INT',
  u: 'BIGINT UNSIGNED',
  b: 'BIGINT',
  s: 'TINYINT UNSIGNED',
  d: 'DECIMAL(10,2)',
  r: 'DECIMAL(18,4)',
  f: 'DOUBLE',
};
const NAMES = Object.keys(COLUMNS);

/** The table that the questions are asked of. `NULL` beside a text stays NULL. */
export async function prepareNumbers(client: Connection): Promise<void> {
  const columns = Object.entries(COLUMNS).map(([name, type]) => `${name} ${type} NULL`);
  await client.query(
    `CREATE TABLE numbers (id INT NOT NULL PRIMARY KEY, ${columns.join(', ')}) ENGINE=InnoDB`,
  );
  await client.query(
    `INSERT INTO numbers (id, ${NAMES.join(', ')}) VALUES (1, 0, 0, 0, 0, 0, 0, 0), (2, 2, 2, 2, 2, 2, 2, 2),
     (3, -2, 20, -2, 6, -2.5, -2.5, -2.5), (4, 12, 12, 12, 12, 12.34, 12.34, 12.34), (5, NULL, NULL, NULL, NULL, NULL, NULL, NULL)`,
  );
}

/** Each asks something of every row; `?` is the text. */
const COMPARISONS = [
  ...NAMES.flatMap((name) => [`${name} = ?`, `${name} < ?`, `${name} <=> ?`, `? <= ${name}`]),
  ...['i', 'd', 'f'].flatMap((name) => [
    `${name} IN (?, 77)`,
    `${name} BETWEEN ? AND ?`,
    `? BETWEEN ${name} AND ${name}`,
    `${name} BETWEEN 1 AND ?`,
    `${name} <> ?`,
    `${name} >= ?`,
  ]),
  ...['2', '2.00', '-2.5', '2e0', '1.5 + 0.5', 'd + 0.00', 'i + 1'].flatMap((value) => [
    `${value} = ?`,
    `${value} > ?`,
  ]),
];

/** How a server reads a text: what each column keeps of it, or the error's number, and how every row compares with it. */
export interface Reading {
  kept: Record<string, string>;
  /** By question; one letter a row: true, false, or null. Or the error's number. */
  compared: Record<string, string>;
}

/** The client has to give numbers that doubles do not hold as texts: `supportBigNumbers`. */
export async function read(client: Connection, text: string): Promise<Reading> {
  const kept: Record<string, string> = {};
  await client.query('START TRANSACTION');
  for (const [at, name] of NAMES.entries()) {
    const stored = await outcome(client, `INSERT INTO numbers (id, ${name}) VALUES (${10 + at}, ?)`, [text]);
    kept[name] = 'errno' in (stored as object) ? `error ${(stored as { errno: number }).errno}` : 'kept';
  }
  const found = await outcome(client, `SELECT id, ${NAMES.join(', ')} FROM numbers WHERE id >= 10`);
  for (const [id, ...values] of found as number[][]) {
    const at = Number(id) - 10;
    kept[NAMES[at] ?? ''] = String(values[at]);
  }
  await client.query('ROLLBACK');
  const sql = `SELECT ${COMPARISONS.join(', ')} FROM numbers ORDER BY id`;
  const rows = await outcome(client, sql, Array(sql.split('?').length - 1).fill(text));
  if (!Array.isArray(rows)) return { kept, compared: { all: `error ${(rows as { errno: number }).errno}` } };
  const letters = (at: number) => rows.map((row) => (row[at] === null ? 'n' : row[at] ? 't' : 'f')).join('');
  return {
    kept,
    compared: Object.fromEntries(COMPARISONS.map((question, at) => [question, letters(at)])),
  };
}

interface Written {
  columns: string[];
  questions: string[];
  texts: Record<string, string[]>;
}

/** Readings as they are written down: one line a text, what they ask once at the top. */
export function write(readings: Record<string, Reading>): string {
  const lines = Object.entries(readings).map(
    ([text, { kept, compared }]) =>
      `${JSON.stringify(text)}: ${JSON.stringify([...Object.values(kept), Object.values(compared).join(' ')])}`,
  );
  return `{"columns": ${JSON.stringify(NAMES)},\n"questions": ${JSON.stringify(COMPARISONS)},\n"texts": {\n${lines.join(',\n')}\n}}\n`;
}

export function parse(written: string): Record<string, Reading> {
  const { columns, questions, texts } = JSON.parse(written) as Written;
  const pair = (keys: string[], values: string[]) =>
    Object.fromEntries(keys.map((key, at) => [key, values[at] ?? 'missing']));
  return Object.fromEntries(
    Object.entries(texts).map(([text, values]) => [
      text,
      { kept: pair(columns, values), compared: pair(questions, (values.at(-1) ?? '').split(' ')) },
    ]),
  );
}
