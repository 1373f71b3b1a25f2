import type net from 'node:net';
import mysql from 'mysql2';
import { SqlError } from '../errors.js';
import type { Result } from '../execute/context.js';
import { DATABASE } from '../schema/schema.js';
import type { Session } from '../session.js';
import { show } from '../values/store.js';
import { VERSION } from '../version.js';
import { checkLogin, type Login, type LoginError } from './authentication.js';
import { type WireColumn, wireColumn } from './columns.js';

/** The server side of mysql2's connection, which its own typings leave out. */
interface ServerConnection {
  clientHelloReply?: { clientFlags: number };
  stream: net.Socket;
  /** Of the next packet. Each command starts again at 0, which mysql2's server side leaves to its user. */
  sequenceId: number;
  serverHandshake(hello: Record<string, unknown>): void;
  writeOk(ok?: { affectedRows: number; insertId: number; serverStatus: number; message: string }): void;
  writeError(error: { code: number; message: string }): void;
  writeColumns(columns: WireColumn[]): void;
  writeTextRow(row: (string | null)[]): void;
  writeEof(warnings: number, status: number): void;
  on(event: 'error' | 'quit' | 'ping', listener: () => void): void;
  on(event: 'query' | 'stmt_prepare' | 'init_db', listener: (text: string) => void): void;
  on(event: 'stmt_execute', listener: (...args: unknown[]) => void): void;
  on(event: 'packet', listener: (packet: unknown, known: boolean, command: number) => void): void;
}

/** LONG_PASSWORD, LONG_FLAG, CONNECT_WITH_DB, PROTOCOL_41, TRANSACTIONS, SECURE_CONNECTION, PLUGIN_AUTH; FOUND_ROWS. */
const FOUND_ROWS = 0x2;
const CAPABILITIES = 0x1 | FOUND_ROWS | 0x4 | 0x8 | 0x200 | 0x2000 | 0x8000 | 0x80000;
const COMMAND = { query: 0x03, prepare: 0x16, closeStatement: 0x19, resetConnection: 0x1f };
const STATUS = { inTransaction: 1, autocommit: 2 };

/** Speaks MySQL's protocol with one client, for its session. */
export function serve(socket: net.Socket, session: Session, password: string): void {
  const connection = mysql.createConnection({
    stream: socket,
    isServer: true,
  }) as unknown as ServerConnection;
  let admitted = false;
  let spoken: string | null = null;

  // No MySQL client sends and then closes its half: what it did not wait for is not done for it.
  socket.on('end', () => session.end());
  socket.on('close', () => session.end());
  // A client that vanished; its 'close' follows.
  connection.on('error', () => undefined);

  const answer = (sql: string) => {
    // mysql2 goes on reading after a refused login: nothing may be run before it.
    if (!admitted) return;
    session.run(sql).then(
      (result) => writeResult(connection, session, result),
      (error: Error) => writeFailure(connection, error),
    );
  };
  connection.on('query', answer);
  // mysql2 announces SET, PREPARE and EXECUTE in plain queries as if they were of the binary protocol:
  // only the packet that follows tells what the client really sent.
  connection.on('stmt_prepare', (sql) => {
    spoken = sql;
  });
  connection.on('stmt_execute', (...args) => {
    spoken = typeof args[4] === 'string' ? args[4] : null;
  });
  connection.on('packet', (_packet, known, command) => {
    if (!admitted) return;
    const sql = spoken;
    spoken = null;
    if (command === COMMAND.query && sql !== null) answer(sql);
    else if (command === COMMAND.prepare)
      writeFailure(connection, new SqlError(1295, NO_PREPARED_STATEMENTS));
    else if (command === COMMAND.resetConnection) {
      session.reset();
      writeOk(connection);
    } else if (!known && command !== COMMAND.closeStatement)
      writeFailure(connection, new SqlError(1047, 'Unknown command'));
  });
  connection.on('init_db', (name) => {
    if (name === DATABASE) writeOk(connection);
    else writeFailure(connection, new SqlError(1049, `Unknown database '${name}'`));
  });
  connection.on('ping', () => writeOk(connection));
  connection.on('quit', () => socket.end());

  connection.serverHandshake({
    protocolVersion: 10,
    serverVersion: VERSION,
    connectionId: session.connectionId,
    statusFlags: STATUS.autocommit,
    characterSet: 45,
    capabilityFlags: CAPABILITIES,
    authCallback: (login: Login, done: (error: null, refusal?: LoginError) => void) => {
      const refusal = checkLogin(login, password, DATABASE);
      admitted = refusal === null;
      session.foundRows = ((connection.clientHelloReply?.clientFlags ?? 0) & FOUND_ROWS) !== 0;
      if (refusal) done(null, refusal);
      else done(null);
      connection.sequenceId = 0;
    },
  });
}

const NO_PREPARED_STATEMENTS =
  "The embedded database has no prepared statements: use the text protocol (mysql2: 'query' instead of 'execute')";

function writeResult(connection: ServerConnection, session: Session, result: Result): void {
  if (connection.stream.destroyed) return;
  const status =
    (session.inTransaction ? STATUS.inTransaction : 0) | (session.autocommit ? STATUS.autocommit : 0);
  if (result.kind === 'ok') {
    const { affectedRows, insertId, info } = result;
    writeOk(connection, { affectedRows, insertId: Number(insertId), serverStatus: status, message: info });
    return;
  }
  // All values are read before the first packet leaves: an error after it could not be told any more.
  let rows: (string | null)[][];
  try {
    rows = result.rows.map((row) =>
      result.columns.map(({ type }, index) => (row[index] == null ? null : show(row[index], type))),
    );
  } catch (error) {
    writeFailure(connection, error as Error);
    return;
  }
  connection.writeColumns(result.columns.map(wireColumn));
  for (const row of rows) connection.writeTextRow(row);
  connection.writeEof(0, status);
  connection.sequenceId = 0;
}

function writeOk(connection: ServerConnection, ok?: Parameters<ServerConnection['writeOk']>[0]): void {
  connection.writeOk(ok);
  connection.sequenceId = 0;
}

function writeFailure(connection: ServerConnection, error: Error): void {
  if (connection.stream.destroyed) return;
  const known = error instanceof SqlError;
  connection.writeError({
    code: known ? error.code : 1105,
    message: known ? error.message : `The embedded database failed: ${error.message}`,
  });
  connection.sequenceId = 0;
}
