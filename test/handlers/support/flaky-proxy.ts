import net, { type AddressInfo } from 'node:net';

/**
 * Stands between the handlers and a database. `cutBefore` and `cutAfter` break the connection around the next
 * statement whose text contains the given words: before it reaches the server, or before its answer comes back.
 */
export async function startProxy(target: { host: string; port: number }) {
  let cut: { text: string; before: boolean } | null = null;
  let connections = 0;
  const sockets = new Set<net.Socket>();
  const server = net.createServer((client) => {
    connections += 1;
    const upstream = net.connect(target.port, target.host);
    for (const socket of [client, upstream]) {
      sockets.add(socket);
      socket.on('error', () => undefined);
      socket.on('close', () => sockets.delete(socket));
    }
    const drop = () => {
      client.destroy();
      upstream.destroy();
    };
    let dropOnAnswer = false;
    client.on('data', (chunk) => {
      if (cut && chunk.includes(cut.text)) {
        const { before } = cut;
        cut = null;
        if (before) return drop();
        dropOnAnswer = true;
      }
      upstream.write(chunk);
    });
    upstream.on('data', (chunk) => (dropOnAnswer ? drop() : client.write(chunk)));
    client.on('close', drop);
    upstream.on('close', drop);
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return {
    port: (server.address() as AddressInfo).port,
    connections: () => connections,
    cutBefore: (text: string) => {
      cut = { text, before: true };
    },
    cutAfter: (text: string) => {
      cut = { text, before: false };
    },
    /** Every connection, at once. */
    cutAll: () => {
      for (const socket of sockets) socket.destroy();
    },
    close: () =>
      new Promise<void>((resolve) => {
        for (const socket of sockets) socket.destroy();
        server.close(() => resolve());
      }),
  };
}
