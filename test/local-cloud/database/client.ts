import { randomBytes } from 'node:crypto';
import { type Connection, type ConnectionOptions, createConnection } from 'mysql2/promise';
import { type EmbeddedDatabase, startDatabase } from '../../../src/local-cloud/database/index.js';

export interface Served {
  server: EmbeddedDatabase;
  password: string;
  client(options?: ConnectionOptions): Promise<Connection>;
  close(): Promise<void>;
}

/** The embedded database, and clients of it over TCP. */
export async function serveDatabase(file?: string): Promise<Served> {
  const password = randomBytes(8).toString('hex');
  const server = await startDatabase({ port: 0, password, ...(file === undefined ? {} : { file }) });
  const clients: Connection[] = [];
  return {
    server,
    password,
    client: async (options = {}) => {
      const client = await createConnection({
        host: '127.0.0.1',
        port: server.port,
        user: 'cachao',
        password,
        database: 'shop',
        dateStrings: true,
        ...options,
      });
      client.on('error', () => undefined);
      clients.push(client);
      return client;
    },
    close: async () => {
      for (const client of clients) client.destroy();
      await server.close();
    },
  };
}

/** A statement's rows, its counts, or its error's number. */
export async function outcome(client: Connection, sql: string, values?: unknown[]): Promise<unknown> {
  try {
    const [result] = await client.query(sql, values as string[]);
    if (Array.isArray(result)) return result.map((row) => Object.values(row as object));
    const { affectedRows, insertId } = result;
    return { affectedRows, insertId };
  } catch (error) {
    return { errno: (error as { errno: number }).errno };
  }
}
