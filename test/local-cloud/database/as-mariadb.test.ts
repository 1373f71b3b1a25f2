import { type Connection, createConnection } from 'mysql2/promise';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { mariadb, noMariadb, type TestDatabase } from '../../handlers/support/databases.js';
import { fc, inputs } from '../../support/property-tests.js';
import { describeWhere } from '../../support/where.js';
import { outcome, type Served, serveDatabase } from './client.js';

const TABLES = [
  `CREATE TABLE parents (id BIGINT UNSIGNED NOT NULL AUTO_INCREMENT PRIMARY KEY, name VARCHAR(20) NOT NULL DEFAULT 'none', UNIQUE KEY by_name (name)) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4`,
  `CREATE TABLE facts (
     code VARCHAR(8) CHARACTER SET ascii COLLATE ascii_bin NOT NULL, parent_id BIGINT UNSIGNED NULL, price DECIMAL(10,2) NOT NULL DEFAULT 0, rate DECIMAL(6,4) NULL,
     n INT NOT NULL DEFAULT 7, small TINYINT UNSIGNED NULL, at DATETIME(3) NULL, day DATE NULL, kind ENUM('a','b') NULL, note TEXT NULL,
     PRIMARY KEY (code), KEY by_price (price), CONSTRAINT facts_parent FOREIGN KEY (parent_id) REFERENCES parents (id)) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4`,
];

/** Statements of the kind that the handlers and the shop use, and the errors that they meet, in one sequence. */
const STATEMENTS = [
  "INSERT INTO parents (name) VALUES ('one'), ('two')",
  "INSERT INTO parents (name) VALUES ('ONE')",
  "INSERT IGNORE INTO parents (id, name) VALUES (3, 'three')",
  "INSERT IGNORE INTO parents (id, name) VALUES (1, 'four')",
  'INSERT INTO parents (id, name) VALUES (40, DEFAULT)',
  'INSERT INTO parents (name) VALUES (NULL)',
  "INSERT INTO parents (name) VALUES ('abcdefghijklmnopqrstu')",
  'INSERT INTO parents (name) VALUES (1, 2)',
  'INSERT INTO parents (name, name) VALUES (1, 2)',
  'INSERT INTO parents (colour) VALUES (1)',
  'INSERT INTO nowhere (a) VALUES (1)',
  "INSERT INTO facts (code, parent_id, price, rate, at, day, kind, note) VALUES ('x', 1, '12.345', 0.00005, '2026-02-28 23:59:59.9996', '2026-02-28', 'B', 'it''s \\\\ a \"note\"\\n')",
  "INSERT INTO facts (code, price) VALUES ('X', -12.345), ('y', 1e2), ('z', 99999999.99)",
  "INSERT INTO facts (code, price) VALUES ('big', 99999999.995)",
  "INSERT INTO facts (code, price) VALUES ('txt', 'twelve')",
  "INSERT INTO facts (code, small) VALUES ('s', 256)",
  "INSERT INTO facts (code, small) VALUES ('s', -1)",
  "INSERT INTO facts (code, kind) VALUES ('k', 'c')",
  "INSERT INTO facts (code, at) VALUES ('d', '2026-02-30 00:00:00')",
  "INSERT INTO facts (code, at) VALUES ('d', 'tomorrow')",
  "INSERT INTO facts (code, parent_id) VALUES ('p', 999)",
  'INSERT INTO facts (price) VALUES (1)',
  'SELECT * FROM facts ORDER BY code',
  "SELECT code FROM facts WHERE code = 'x'",
  "SELECT name FROM parents WHERE name = 'TWO' OR name LIKE 'thr%' ORDER BY name DESC",
  "SELECT name FROM parents WHERE name LIKE 'o\\_e' OR name LIKE '_ne'",
  "SELECT id FROM parents WHERE id = '1' OR id = '2x' ORDER BY id",
  'SELECT id FROM parents WHERE id IN (1, 2, NULL) AND id NOT IN (2)',
  "SELECT code, price FROM facts WHERE price > '12.34' ORDER BY price DESC, code",
  'SELECT code FROM facts WHERE price BETWEEN -12.35 AND 12.349 ORDER BY code',
  "SELECT code FROM facts WHERE at > '2026-02-28' AND at <= '2026-03-01 00:00:00.000'",
  'SELECT code FROM facts WHERE rate IS NULL AND NOT (price = 100) ORDER BY 1',
  'SELECT SUM(price) AS s, COUNT(*) AS n, COUNT(rate) AS r, MIN(at) AS first, MAX(price) AS most FROM facts',
  'SELECT SUM(price) AS s FROM facts WHERE FALSE',
  'SELECT price * n AS total, price + rate AS added, price - 1 AS less, -price AS negative, n * 2 + 1 AS odd FROM facts ORDER BY code',
  "SELECT COALESCE(rate, 0.5000) AS c, IFNULL(note, 'none') AS f, IF(price > 0, 'up', 'down') AS w, CASE WHEN n = 7 THEN 1 ELSE 2 END AS k FROM facts ORDER BY code",
  'SELECT f.code AS code, p.name AS name FROM facts AS f LEFT JOIN parents AS p ON p.id = f.parent_id ORDER BY f.code',
  'SELECT p.name, COUNT(f.code) AS n FROM parents p LEFT JOIN facts f ON f.parent_id = p.id GROUP BY p.id, p.name HAVING COUNT(f.code) < 5 ORDER BY p.id LIMIT 2 OFFSET 1',
  'SELECT DISTINCT n FROM facts',
  'SELECT name FROM parents AS p WHERE EXISTS (SELECT 1 FROM facts AS f WHERE f.parent_id = p.id)',
  'SELECT (SELECT MAX(id) FROM parents) AS m, id FROM parents WHERE id IN (SELECT parent_id FROM facts)',
  "SELECT CONCAT('a', id, name) AS c, CHAR_LENGTH(name) AS l FROM parents ORDER BY id",
  'SELECT id FROM parents, facts ORDER BY id',
  'SELECT parent_id FROM parents JOIN facts ON parents.id = facts.parent_id AND parents.name <=> NULL',
  'SELECT id FROM parents ORDER BY id LIMIT 1, 2',
  'SELECT id, id FROM parents AS a JOIN parents AS b ON a.id = b.id',
  'SELECT 1 FROM parents AS a, parents AS a',
  'SELECT nothing FROM parents',
  'SELECT p.id FROM parents',
  'SELECT FROM parents',
  "UPDATE parents SET name = 'one' WHERE id = 1",
  "UPDATE parents SET name = 'won' WHERE id IN (1, 999)",
  "UPDATE parents SET name = 'two' WHERE id = 1",
  "UPDATE facts SET n = n + 1, price = price * 2 WHERE code IN ('x', 'y')",
  'UPDATE facts SET n = DEFAULT WHERE n > 7',
  "UPDATE facts AS f JOIN parents AS p ON p.id = f.parent_id SET f.n = 1, p.name = 'joined'",
  "UPDATE facts AS f LEFT JOIN parents AS p ON p.id = f.parent_id SET f.n = f.n + 1, p.name = CONCAT(p.name, '!')",
  "UPDATE facts SET price = 99999999.99 + 0.01 WHERE code = 'x'",
  'SELECT * FROM facts ORDER BY code',
  "INSERT INTO facts (code, n) VALUES ('x', 3), ('new', 4) ON DUPLICATE KEY UPDATE n = n + VALUES(n)",
  "INSERT INTO facts (code, n) VALUES ('new', 4) ON DUPLICATE KEY UPDATE code = code",
  "INSERT INTO parents (name) VALUES ('two') ON DUPLICATE KEY UPDATE name = 'deux'",
  'DELETE FROM parents WHERE id = 1',
  "DELETE FROM facts WHERE code IN ('x', 'none')",
  'DELETE FROM parents WHERE id = 1',
  'SELECT * FROM parents ORDER BY id',
  'CREATE TABLE parents (id INT)',
  'DROP TABLE nowhere',
  'DROP TABLE parents',
  'ALTER TABLE facts ADD COLUMN extra INT NOT NULL DEFAULT 3',
  'ALTER TABLE facts ADD COLUMN extra INT NULL',
  'CREATE UNIQUE INDEX by_extra ON facts (extra, code)',
  'CREATE INDEX by_extra ON facts (n)',
  'SELECT code, extra FROM facts ORDER BY code',
  "SELECT COLUMN_NAME AS c, DATA_TYPE AS d, COLUMN_TYPE AS t, IS_NULLABLE AS n, COLUMN_DEFAULT AS f, COLUMN_KEY AS k, EXTRA AS e, CHARACTER_MAXIMUM_LENGTH AS l, NUMERIC_PRECISION AS p, NUMERIC_SCALE AS s FROM information_schema.COLUMNS WHERE TABLE_SCHEMA = DATABASE() AND TABLE_NAME IN ('facts', 'parents') AND COLUMN_NAME NOT IN ('kind') ORDER BY TABLE_NAME, ORDINAL_POSITION",
  'SELECT TABLE_NAME AS t, ENGINE AS e FROM information_schema.TABLES WHERE TABLE_SCHEMA = DATABASE() ORDER BY TABLE_NAME',
  "SELECT CONSTRAINT_NAME AS c, COLUMN_NAME AS n, REFERENCED_TABLE_NAME AS t, REFERENCED_COLUMN_NAME AS r FROM information_schema.KEY_COLUMN_USAGE WHERE TABLE_SCHEMA = DATABASE() AND TABLE_NAME = 'facts' AND REFERENCED_TABLE_NAME IS NOT NULL",
  'SET SESSION nonsense = 1',
  'SELECT @@autocommit, @@innodb_lock_wait_timeout + 1',
];

function mariadbOptions() {
  const { hostname, port, username, password, pathname } = new URL((real as TestDatabase).url);
  return {
    host: hostname,
    port: Number(port || 3306),
    user: username,
    password,
    database: pathname.slice(1),
    dateStrings: true,
  };
}

const real = await mariadb();

describeWhere(real !== null, noMariadb())('the embedded database answers as MariaDB does', () => {
  let served: Served;
  let here: Connection;
  let there: Connection;

  beforeAll(async () => {
    served = await serveDatabase();
    here = await served.client({ flags: ['-FOUND_ROWS'] });
    there = await createConnection({ ...mariadbOptions(), flags: ['-FOUND_ROWS'] });
    for (const table of TABLES) expect(await outcome(here, table)).toEqual(await outcome(there, table));
  });
  afterAll(async () => {
    await there.end();
    await served.close();
    await real?.close();
  });

  it.each(STATEMENTS)('%s', async (sql) => {
    expect(await outcome(here, sql)).toEqual(await outcome(there, sql));
  });

  it('when updated rows are counted as found', async () => {
    const [a, b] = [await served.client(), await createConnection(mariadbOptions())];
    for (const sql of [
      "UPDATE parents SET name = 'same' WHERE id = 2",
      "UPDATE parents SET name = 'same' WHERE id = 2",
      "INSERT INTO parents (id, name) VALUES (2, 'same') ON DUPLICATE KEY UPDATE name = name",
    ]) {
      expect(await outcome(a, sql)).toEqual(await outcome(b, sql));
    }
    await b.end();
  });

  it('for any decimals: stored, added, multiplied and compared exactly', async () => {
    const decimal = fc
      .tuple(fc.integer({ min: -9_999_999, max: 9_999_999 }), fc.nat(99))
      .map(([whole, cents]) => `${whole}.${String(cents).padStart(2, '0')}`);
    await fc.assert(
      fc.asyncProperty(
        decimal,
        decimal,
        fc.string({ unit: fc.constantFrom(...'0123456789.-+ eE') }),
        async (a, b, text) => {
          for (const [sql, values] of [
            [
              "INSERT INTO facts (code, price) VALUES ('dec', ?) ON DUPLICATE KEY UPDATE price = VALUES(price)",
              [a],
            ],
            [
              `SELECT price + ${b}, price - ${b}, price * ${b}, price = ?, price < ${b}, price >= ? FROM facts WHERE code = 'dec'`,
              [a, b],
            ],
            ["SELECT price = ?, n = ?, n < ? FROM facts WHERE code = 'dec'", [text, text, text]],
          ] as const) {
            expect(await outcome(here, sql, [...values])).toEqual(await outcome(there, sql, [...values]));
          }
        },
      ),
      { numRuns: inputs(60) },
    );
  });

  it('for any text without a NUL: stored, found and given back unchanged', async () => {
    await fc.assert(
      fc.asyncProperty(fc.string({ unit: 'binary', maxLength: 30 }), async (binary) => {
        const text = binary.replaceAll('\0', '');
        for (const [sql, values] of [
          ["DELETE FROM facts WHERE code = 'text'", []],
          ["INSERT INTO facts (code, note) VALUES ('text', ?)", [text]],
          ["SELECT note FROM facts WHERE code = 'text'", []],
        ] as const) {
          expect(await outcome(here, sql, [...values])).toEqual(await outcome(there, sql, [...values]));
        }
      }),
      { numRuns: inputs(60) },
    );
  });
});
