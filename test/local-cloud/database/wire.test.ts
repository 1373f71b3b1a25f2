import net from 'node:net';
import { createConnection } from 'mysql2/promise';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { outcome, type Served, serveDatabase } from './client.js';

describe('the embedded database on the wire', () => {
  let served: Served;
  beforeAll(async () => {
    served = await serveDatabase();
    const client = await served.client();
    await client.query(
      'CREATE TABLE t (id INT NOT NULL AUTO_INCREMENT PRIMARY KEY, n INT NOT NULL DEFAULT 0, name VARCHAR(50) NULL)',
    );
  });
  afterAll(() => served.close());

  it('gives an address without a password, on the loopback interface only', () => {
    expect(served.server.url).toBe(`mysql://cachao@127.0.0.1:${served.server.port}/shop?tls=off`);
    expect(served.server.url).not.toContain(served.password);
  });

  it.each([
    ['a wrong password', { password: 'wrong' }, 1045],
    ['no password', { password: '' }, 1045],
    ['another user', { user: 'root' }, 1045],
    ['another database', { database: 'other' }, 1049],
  ])('refuses %s', async (_title, options, errno) => {
    const attempt = createConnection({
      host: '127.0.0.1',
      port: served.server.port,
      user: 'cachao',
      password: served.password,
      database: 'shop',
      ...options,
    });
    await expect(attempt).rejects.toMatchObject({ errno });
  });

  it('runs nothing for a client that sends statements without waiting to be let in', async () => {
    const socket = net.connect(served.server.port, '127.0.0.1');
    socket.on('error', () => undefined);
    await new Promise((resolve) => socket.once('data', resolve));
    const packet = (sequence: number, body: Buffer) =>
      Buffer.concat([Buffer.from([body.length & 255, body.length >> 8, 0, sequence]), body]);
    const login = Buffer.concat([
      Buffer.from([0x00, 0x82, 0x08, 0x00]),
      Buffer.alloc(4),
      Buffer.from([45]),
      Buffer.alloc(23),
      Buffer.from('cachao\0'),
      Buffer.from([0]),
      Buffer.from('mysql_native_password\0'),
    ]);
    const statement = packet(0, Buffer.from('\u0003INSERT INTO t (n) VALUES (666)'));
    const closed = new Promise((resolve) => socket.once('close', resolve));
    socket.write(Buffer.concat([packet(1, login), statement, statement]));
    await closed;
    const client = await served.client();
    expect(await outcome(client, 'SELECT COUNT(*) AS n FROM t WHERE n = 666')).toEqual([[0]]);
  });

  it('gives values in the types that drivers expect', async () => {
    const client = await served.client({ dateStrings: false, timezone: 'Z' });
    await client.query(
      'CREATE TABLE types (a INT, b BIGINT, c DECIMAL(8,3), d DATETIME(3), e DOUBLE, f TEXT, g JSON)',
    );
    await client.query(
      "INSERT INTO types (a, b, c, d, e, f, g) VALUES (-5, 9007199254740991, 1.5, '2026-01-02 03:04:05.678', 1.25e0, 'é😀', '{\"a\":1}')",
    );
    const [rows] = await client.query('SELECT * FROM types');
    expect(rows).toEqual([
      {
        a: -5,
        b: 9007199254740991,
        c: '1.500',
        d: new Date('2026-01-02T03:04:05.678Z'),
        e: 1.25,
        f: 'é😀',
        g: '{"a":1}',
      },
    ]);
  });

  it('answers what drivers and people ask first', async () => {
    const client = await served.client();
    await client.ping();
    expect(await outcome(client, 'SELECT VERSION() AS v, DATABASE() AS d')).toEqual([
      [expect.stringContaining('MariaDB'), 'shop'],
    ]);
    expect(await outcome(client, "SHOW VARIABLES LIKE 'sql_mode'")).toEqual([
      ['sql_mode', expect.stringContaining('STRICT')],
    ]);
    expect(await outcome(client, "SHOW VARIABLES WHERE Variable_name = 'autocommit'")).toEqual([
      ['autocommit', '1'],
    ]);
    expect(await outcome(client, "SHOW TABLES LIKE 't'")).toEqual([['t']]);
    expect(await outcome(client, 'SET NAMES utf8mb4')).toMatchObject({ affectedRows: 0 });
    expect(await outcome(client, 'SET SESSION TRANSACTION ISOLATION LEVEL READ COMMITTED')).toMatchObject({
      affectedRows: 0,
    });
    expect(await outcome(client, '/* who */ SELECT 1 -- one\n')).toEqual([[1]]);
  });

  it.each([
    ['SELECT 7 / 2', 1235],
    ['SELECT a FROM t UNION SELECT b FROM t', 1235],
    ['SELECT id FROM t FOR UPDATE SKIP LOCKED', 1235],
    ['SELECT n FROM (SELECT n FROM t) AS d', 1235],
    ['INSERT INTO t SELECT * FROM t', 1235],
    ['REPLACE INTO t (n) VALUES (1)', 1235],
    ['DELETE FROM t ORDER BY id LIMIT 1', 1235],
    ['UPDATE t SET n = 1 LIMIT 1', 1235],
    ['UPDATE t SET n = n + 1, id = n', 1235],
    ['SELECT SLEEP(1)', 1235],
    ['SELECT 1; DROP TABLE t', 1235],
    ['SAVEPOINT here', 1235],
    ['ROLLBACK TO here', 1235],
    ["SET sql_mode = ''", 1235],
    ["SET sql_mode = 'STRICT_TRANS_TABLES,NO_BACKSLASH_ESCAPES'", 1235],
    ["SET time_zone = '+02:00'", 1235],
    ['SET GLOBAL wait_timeout = 1', 1235],
    ['SELECT id FROM t WHERE name', 1235],
    ['SELECT id FROM t WHERE name = 1', 1235],
    ['SELECT id FROM t WHERE name + 1 = 2', 1235],
    ['SELECT COALESCE(n, name) FROM t', 1235],
    ["SELECT X'41'", 1235],
    ['CREATE TABLE u (a BLOB)', 1235],
    ['CREATE TABLE u (a DECIMAL(30,2))', 1235],
    ['CREATE TABLE u (a INT) ENGINE=MyISAM', 1235],
    ['CREATE TABLE `internal.tables` (a INT)', 1235],
    ['GRANT ALL ON shop.* TO x', 1235],
    ["SELECT 'open", 1064],
    ['SELEC 1', 1235],
    ['42', 1064],
    ['SELECT 9223372036854775807 + 1', 1690],
    ['UPDATE information_schema.TABLES SET ENGINE = 1', 1044],
    ['SELECT @@no_such_thing', 1193],
    ['USE other', 1049],
  ])('refuses %s with %i', async (sql, errno) => {
    expect(await outcome(await served.client(), sql)).toEqual({ errno });
  });

  it('names the statement that it does not support, without its values', async () => {
    const client = await served.client();
    await expect(client.query("REPLACE INTO t (name) VALUES ('someone@example.com')")).rejects.toMatchObject({
      code: 'ER_NOT_SUPPORTED_YET',
      message: expect.stringMatching(/REPLACE INTO t \(name\) VALUES \('…'\)$/),
    });
  });

  it('refuses prepared statements of either kind', async () => {
    const client = await served.client();
    await expect(client.execute('SELECT 1')).rejects.toMatchObject({ errno: 1295 });
    expect(await outcome(client, "PREPARE p FROM 'SELECT 1'")).toEqual({ errno: 1235 });
    expect(await outcome(client, 'EXECUTE p')).toEqual({ errno: 1235 });
    expect(await outcome(client, 'SELECT 1')).toEqual([[1]]);
  });
});
