import { type ChildProcess, spawn } from 'node:child_process';
import fs from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import { createConnection } from 'mysql2/promise';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { removeDirectory } from '../../support/directories.js';
import { outcome, serveDatabase } from './client.js';

const PROGRAM = fileURLToPath(new URL('./serve.ts', import.meta.url));
const TSX = fileURLToPath(new URL('../../../node_modules/tsx/dist/cli.mjs', import.meta.url));

describe('the embedded database on disk', () => {
  let directory: string;
  let file: string;
  beforeEach(async () => {
    directory = await fs.mkdtemp(path.join(tmpdir(), 'cachao-database-'));
    file = path.join(directory, 'shop.db');
  });
  afterEach(() => removeDirectory(directory));

  it('keeps tables, their types, and rows', async () => {
    const first = await serveDatabase(file);
    const before = await first.client();
    await before.query(
      "CREATE TABLE t (id BIGINT NOT NULL AUTO_INCREMENT PRIMARY KEY, price DECIMAL(10,2) NOT NULL, at DATETIME(3) NULL, kind ENUM('a','b') NOT NULL)",
    );
    await before.query("INSERT INTO t (price, at, kind) VALUES (1.5, '2026-01-01 00:00:00.5', 'A')");
    await first.close();
    const second = await serveDatabase(file);
    const after = await second.client();
    expect(await outcome(after, 'SELECT * FROM t')).toEqual([[1, '1.50', '2026-01-01 00:00:00.500', 'a']]);
    expect(await outcome(after, "INSERT INTO t (price, kind) VALUES (2, 'c')")).toEqual({ errno: 1265 });
    expect(await outcome(after, "INSERT INTO t (price, kind) VALUES (2, 'b')")).toEqual({
      affectedRows: 1,
      insertId: 2,
    });
    expect(second.server.warnings).toEqual([]);
    await second.close();
  });

  it('keeps what was committed, and nothing else, when its process is killed', async () => {
    for (let round = 0; round < 2; round++) {
      const { child, port } = await start(file);
      const connect = () =>
        createConnection({ host: '127.0.0.1', port, user: 'cachao', password: 'test', database: 'shop' });
      const [writer, other] = [await connect(), await connect()];
      for (const client of [writer, other]) client.on('error', () => undefined);
      await writer.query('CREATE TABLE IF NOT EXISTS t (n INT NOT NULL PRIMARY KEY)');
      let committed = 0;
      const writing = (async () => {
        for (let n = round * 1000 + 1; ; n++) {
          await writer.query('START TRANSACTION');
          await writer.query('INSERT INTO t (n) VALUES (?)', [n]);
          await writer.query('INSERT INTO t (n) VALUES (?)', [-n]);
          await writer.query('COMMIT');
          committed = n;
        }
      })().catch(() => undefined);
      while (committed < round * 1000 + 5 + round) await new Promise((resolve) => setImmediate(resolve));
      child.kill('SIGKILL');
      await writing;
      other.destroy();

      const again = await serveDatabase(file);
      const reader = await again.client();
      const rows = (await outcome(reader, 'SELECT n FROM t WHERE n > ?', [round * 1000])) as number[][];
      // The commit under way may or may not have been told.
      expect(rows.length).toBeGreaterThanOrEqual(committed - round * 1000);
      expect(rows.length).toBeLessThanOrEqual(committed - round * 1000 + 1);
      expect(await outcome(reader, 'SELECT SUM(n) AS s FROM t')).toEqual([['0']]);
      await again.close();
    }
  });

  it('sets a damaged file aside, says so, and starts empty', async () => {
    await fs.writeFile(file, 'this is no database, whatever it may have been before'.repeat(100));
    const served = await serveDatabase(file);
    expect(served.server.warnings).toEqual([expect.stringContaining('set aside')]);
    expect((await fs.readdir(directory)).some((name) => name.startsWith('shop.db.damaged-'))).toBe(true);
    expect(await outcome(await served.client(), 'SHOW TABLES')).toEqual([]);
    await served.close();
  });
});

async function start(file: string): Promise<{ child: ChildProcess; port: number }> {
  const child = spawn(process.execPath, [TSX, PROGRAM, file], { stdio: ['ignore', 'pipe', 'inherit'] });
  const line = await new Promise<string>((resolve) =>
    createInterface({ input: child.stdout as NodeJS.ReadableStream }).once('line', resolve),
  );
  const { port, pid } = JSON.parse(line) as { port: number; pid: number };
  // tsx runs the program in a process of its own: it is that one which must die.
  const kill = child.kill.bind(child);
  child.kill = (signal) => {
    process.kill(pid, signal);
    return kill(signal);
  };
  return { child, port };
}
