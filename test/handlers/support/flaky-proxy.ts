import net, { type AddressInfo } from 'node:net';

/**
 * Stands between the handlers and a database. `cutBefore` and `cutAfter` break the connection around the next
 * statement whose text contains the given words: before it reaches the server, or before its answer comes back.
 */
export async function startProxy(target: { host: string; port: number }) {
  let cut: { text: string; before: boolean } | null = null;
  let connections = 0;
  let down = false;
  const sockets = new Set<net.Socket>();
  const server = net.createServer((client) => {
    connections += 1;
    client.on('error', () => undefined);
    if (down) return client.destroy();
    const upstream = net.connect(target.port, target.host);
    upstream.on('error', () => undefined);
    for (const socket of [client, upstream]) {
      sockets.add(socket);
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
  const cutAll = () => {
    for (const socket of sockets) socket.destroy();
  };
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
    cutAll,
    /** An outage: nobody gets through until it is over. */
    outage: (isDown: boolean) => {
      down = isDown;
      if (down) cutAll();
    },
    close: () =>
      new Promise<void>((resolve) => {
        for (const socket of sockets) socket.destroy();
        server.close(() => resolve());
      }),
  };
}
