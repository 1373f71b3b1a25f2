import net, { type AddressInfo } from 'node:net';

/** What becomes of the next connection, or of the next statement whose text contains `at`. */
export type Fault =
  /** The connection is closed before the server says anything. */
  | { kind: 'refuse' }
  /** The server refuses the connection with an error of its own. */
  | { kind: 'connect-error'; errno: number }
  /** The server asks to sign in by a plugin. */
  | { kind: 'sign-in-by'; plugin: string }
  /** The statement is answered with an error; the server never sees it. */
  | { kind: 'error'; at: string; errno: number }
  /** The connection breaks before the statement reaches the server, or before its answer comes back. */
  | { kind: 'cut'; at: string; when: 'before' | 'after' }
  /** The statement gets no answer. */
  | { kind: 'stall'; at: string }
  /** The server gets the statement and does it; its answer, and all that follow, never come. */
  | { kind: 'late'; at: string };

const COM_QUERY = 3;

/**
 * Stands between the handlers and a database, and lets happen what it is told to, one fault after the other.
 * @param product what the server's handshake shall say that it is
 */
export async function startFaultProxy(
  target: { host: string; port: number },
  product: 'as-is' | 'mysql' = 'as-is',
) {
  const faults: Fault[] = [];
  const sockets = new Set<net.Socket>();
  let connections = 0;
  const takeNext = (fits: (fault: Fault) => boolean): Fault | undefined =>
    faults[0] && fits(faults[0]) ? faults.shift() : undefined;

  const server = net.createServer((client) => {
    connections += 1;
    keep(client);
    const refusal = takeNext(({ kind }) => kind === 'refuse' || kind === 'connect-error');
    if (refusal?.kind === 'refuse') return client.destroy();
    if (refusal?.kind === 'connect-error') return client.end(errorPacket(refusal.errno, 0));
    const upstream = keep(net.connect(target.port, target.host));
    const drop = () => {
      client.destroy();
      upstream.destroy();
    };
    let greeted = false;
    let dropsAnswer = false;
    let isLate = false;
    client.on('data', (chunk) => {
      const signIn = takeNext(({ kind }) => kind === 'sign-in-by');
      if (signIn?.kind === 'sign-in-by')
        return client.write(packet(Buffer.from(`\u00fe${signIn.plugin}\0${'x'.repeat(20)}\0`, 'latin1'), 2));
      const statement = chunk[4] === COM_QUERY ? chunk.subarray(5).toString() : '';
      const fault = takeNext((one) => 'at' in one && statement.includes(one.at));
      if (fault?.kind === 'error') return client.write(errorPacket(fault.errno, (chunk[3] ?? 0) + 1));
      if (fault?.kind === 'stall') return;
      if (fault?.kind === 'cut' && fault.when === 'before') return drop();
      dropsAnswer ||= fault?.kind === 'cut';
      isLate ||= fault?.kind === 'late';
      upstream.write(chunk);
    });
    upstream.on('data', (chunk) => {
      if (dropsAnswer) return drop();
      if (isLate) return;
      client.write(!greeted && product === 'mysql' ? withoutName(chunk) : chunk);
      greeted = true;
    });
    client.on('close', drop);
    upstream.on('close', drop);
  });
  function keep(socket: net.Socket): net.Socket {
    sockets.add(socket);
    socket.on('error', () => undefined);
    return socket.on('close', () => sockets.delete(socket));
  }
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return {
    port: (server.address() as AddressInfo).port,
    connections: () => connections,
    plan: (...planned: Fault[]) => {
      faults.push(...planned);
    },
    /** From now on all is well. */
    recover: () => {
      faults.length = 0;
    },
    left: () => faults.length,
    close: () =>
      new Promise<void>((resolve) => {
        for (const socket of sockets) socket.destroy();
        server.close(() => resolve());
      }),
  };
}

/** Length, sequence, 0xff, number, SQL state, message. */
function errorPacket(errno: number, sequence: number): Buffer {
  const body = Buffer.concat([
    Buffer.from([0xff, errno & 0xff, errno >> 8]),
    Buffer.from(`#HY000as the test wants it (${errno})`),
  ]);
  return packet(body, sequence);
}

function packet(body: Buffer, sequence: number): Buffer {
  const head = Buffer.alloc(4);
  head.writeUIntLE(body.length, 0, 3);
  head[3] = sequence;
  return Buffer.concat([head, body]);
}

/** Same length, so that nothing else of the greeting moves. */
function withoutName(chunk: Buffer): Buffer {
  return Buffer.from(chunk.toString('latin1').replace('MariaDB', 'Another'), 'latin1');
}
