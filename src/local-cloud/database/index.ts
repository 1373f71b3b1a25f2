import net, { type AddressInfo } from 'node:net';
import { Engine } from './engine.js';
import { TransactionLock } from './lock.js';
import { DATABASE, Schema } from './schema/schema.js';
import { Session } from './session.js';
import { USER } from './wire/authentication.js';
import { serve } from './wire/connection.js';

export interface EmbeddedDatabase {
  port: number;
  /** Without the password: `mysql://cachao@127.0.0.1:PORT/shop?tls=off`. */
  url: string;
  /** What was found wrong with the file, for people to read. */
  warnings: string[];
  close(): Promise<void>;
}

/**
 * Starts the embedded orders database: MySQL's wire protocol on the loopback interface, in front of SQLite.
 * It understands the part of MySQL's dialect in `sql/`, and refuses the rest with MySQL's own error numbers.
 *
 * @param options.file the SQLite file; in memory when absent. Only one process may use it at a time.
 * @param options.port 0 for any free one.
 */
export async function startDatabase(options: {
  file?: string;
  port: number;
  password: string;
}): Promise<EmbeddedDatabase> {
  const engine = new Engine(options.file);
  const schema = new Schema(engine);
  const lock = new TransactionLock();
  const sockets = new Set<net.Socket>();
  let connections = 0;
  const server = net.createServer((socket) => {
    sockets.add(socket);
    socket.on('close', () => sockets.delete(socket));
    socket.setNoDelay(true);
    connections += 1;
    serve(socket, new Session(connections, engine, schema, lock), options.password);
  });
  try {
    await new Promise<void>((resolve, reject) => {
      server.once('error', reject);
      server.listen(options.port, '127.0.0.1', resolve);
    });
  } catch (error) {
    engine.close();
    throw error;
  }
  const { port } = server.address() as AddressInfo;
  return {
    port,
    url: `mysql://${USER}@127.0.0.1:${port}/${DATABASE}?tls=off`,
    warnings: engine.warnings,
    close: async () => {
      const closed = new Promise<void>((resolve) => server.close(() => resolve()));
      for (const socket of sockets) socket.destroy();
      await closed;
      engine.close();
    },
  };
}
