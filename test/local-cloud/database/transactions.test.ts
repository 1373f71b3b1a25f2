import type { Connection } from 'mysql2/promise';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { outcome, type Served, serveDatabase } from './client.js';

describe("the embedded database's transactions", () => {
  let served: Served;
  let one: Connection;
  let two: Connection;
  beforeAll(async () => {
    served = await serveDatabase();
    one = await served.client();
    await one.query('CREATE TABLE t (id INT NOT NULL PRIMARY KEY, n INT NOT NULL)');
    await one.query(
      'CREATE TABLE children (t_id INT NOT NULL, FOREIGN KEY (t_id) REFERENCES t (id) ON DELETE CASCADE)',
    );
  });
  beforeEach(async () => {
    one = await served.client();
    two = await served.client();
    await one.query('DELETE FROM t');
    await one.query('INSERT INTO t (id, n) VALUES (1, 0), (2, 0)');
  });
  afterAll(() => served.close());

  const read = async (client: Connection, id = 1) =>
    ((await outcome(client, 'SELECT n FROM t WHERE id = ?', [id])) as number[][])[0]?.[0];

  it('are undone by ROLLBACK, kept by COMMIT, and by the start of another', async () => {
    await one.query('START TRANSACTION');
    await one.query('UPDATE t SET n = 5');
    await one.query('ROLLBACK');
    expect(await read(one)).toBe(0);
    await one.query('BEGIN');
    await one.query('UPDATE t SET n = 6');
    await one.query('BEGIN');
    await one.query('ROLLBACK');
    expect(await read(one)).toBe(6);
    await one.query('SET autocommit = 0');
    await one.query('UPDATE t SET n = 7');
    await one.query('CREATE TABLE IF NOT EXISTS other (a INT)');
    await one.query('ROLLBACK');
    expect(await read(one)).toBe(7);
  });

  it('never show others what is not committed: readers wait', async () => {
    await one.query('START TRANSACTION');
    await one.query('UPDATE t SET n = 5 WHERE id = 1');
    const reading = read(two);
    await one.query('UPDATE t SET n = 6 WHERE id = 1');
    await one.query('COMMIT');
    expect(await reading).toBe(6);
  });

  it('take turns at locking reads, in the order in which they came', async () => {
    const clients = await Promise.all(Array.from({ length: 8 }, () => served.client()));
    await Promise.all(
      clients.map(async (client) => {
        await client.query('START TRANSACTION');
        const [[n]] = (await outcome(client, 'SELECT n FROM t WHERE id = 1 FOR UPDATE')) as [[number]];
        await new Promise((resolve) => setImmediate(resolve));
        await client.query('UPDATE t SET n = ? WHERE id = 1', [n + 1]);
        await client.query('COMMIT');
      }),
    );
    expect(await read(one)).toBe(8);
  });

  it('wait no longer than innodb_lock_wait_timeout, and lose only the statement', async () => {
    await one.query('START TRANSACTION');
    await one.query('UPDATE t SET n = 5 WHERE id = 1');
    await two.query('SET SESSION innodb_lock_wait_timeout = 1');
    await two.query('START TRANSACTION');
    expect(await outcome(two, 'UPDATE t SET n = 6 WHERE id = 2')).toEqual({ errno: 1205 });
    await one.query('COMMIT');
    expect(await outcome(two, 'UPDATE t SET n = 6 WHERE id = 2')).toMatchObject({ affectedRows: 1 });
    await two.query('COMMIT');
    expect([await read(one), await read(one, 2)]).toEqual([5, 6]);
  });

  it('keep what came before a statement that failed half-way, and nothing of it', async () => {
    await one.query('START TRANSACTION');
    await one.query('INSERT INTO t (id, n) VALUES (3, 0)');
    expect(await outcome(one, 'INSERT INTO t (id, n) VALUES (4, 0), (1, 0)')).toEqual({ errno: 1062 });
    await one.query('COMMIT');
    expect(await outcome(two, 'SELECT id FROM t ORDER BY id')).toEqual([[1], [2], [3]]);
  });

  it('are undone at once when their client is gone, and forgotten when it had only waited', async () => {
    await one.query('START TRANSACTION');
    await one.query('UPDATE t SET n = 5');
    const waiting = await served.client();
    waiting.query('UPDATE t SET n = 9').catch(() => undefined);
    await one.query('SELECT VERSION()');
    const next = outcome(two, 'UPDATE t SET n = n + 1 WHERE id = 1');
    waiting.destroy();
    // By the second answer the server has read what came before it on the other connection.
    for (let turn = 0; turn < 2; turn++) await one.query('SELECT VERSION()');
    one.destroy();
    expect(await next).toMatchObject({ affectedRows: 1 });
    expect(await read(two)).toBe(1);
  });

  it('are undone when the connection is reset', async () => {
    await one.query('SET SESSION innodb_lock_wait_timeout = 3, autocommit = 0');
    await one.query('UPDATE t SET n = 5');
    await one.reset();
    expect(await read(two)).toBe(0);
    expect(await outcome(one, 'SELECT @@autocommit, @@innodb_lock_wait_timeout')).toEqual([[1, 50]]);
  });

  it('follow references when a parent is deleted', async () => {
    await one.query('INSERT INTO children (t_id) VALUES (1)');
    await one.query('DELETE FROM t WHERE id = 1');
    expect(await outcome(one, 'SELECT COUNT(*) AS n FROM children')).toEqual([[0]]);
  });
});
