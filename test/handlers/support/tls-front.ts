import { readFileSync } from 'node:fs';
import net, { type AddressInfo } from 'node:net';
import tls from 'node:tls';
import { fileURLToPath } from 'node:url';

const fixture = (name: string) =>
  readFileSync(fileURLToPath(new URL(`../../fixtures/tls/${name}`, import.meta.url)), 'utf8');

/** The authority that signs the front's certificate, which is for `db.internal`. */
export const AUTHORITY = fixture('authority.pem');

/** In the greeting's capability flags: the server speaks TLS. */
const SSL_FLAG = 0x0800;

/** Stands before a database that speaks no TLS, and speaks it in its place. */
export async function startTlsFront(target: { host: string; port: number }) {
  const secureContext = tls.createSecureContext({
    cert: fixture('server.pem'),
    key: fixture('server-key.pem'),
  });
  const sockets = new Set<net.Socket>();
  const server = net.createServer((client) => {
    const upstream = net.connect(target.port, target.host);
    for (const socket of [client, upstream]) {
      sockets.add(socket);
      socket.on('error', () => undefined);
      socket.on('close', () => [client, upstream].forEach((one) => void one.destroy()));
    }
    upstream.once('data', (greeting) => client.write(withTls(greeting)));
    client.once('data', (chunk) => {
      client.pause();
      // The client does not wait between its request for TLS and its first words in it.
      const rest = chunk.subarray(4 + chunk.readUIntLE(0, 3));
      if (rest.length > 0) client.unshift(rest);
      const secure = new tls.TLSSocket(client, { isServer: true, secureContext });
      secure.on('error', () => undefined);
      // The request for TLS counted as a packet, of which the database knows nothing, until the sign-in is over.
      let isSignedIn = false;
      secure.on('data', (chunk: Buffer) => {
        const packet = Buffer.from(chunk);
        if (!isSignedIn) packet[3] = (packet[3] ?? 0) - 1;
        if (!isSignedIn && packet[3] === 1) packet.writeUInt32LE(packet.readUInt32LE(4) & ~SSL_FLAG, 4);
        upstream.write(packet);
      });
      upstream.on('data', (chunk: Buffer) => {
        const packet = Buffer.from(chunk);
        if (!isSignedIn) packet[3] = (packet[3] ?? 0) + 1;
        isSignedIn ||= packet[4] === 0;
        secure.write(packet);
      });
    });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return {
    port: (server.address() as AddressInfo).port,
    close: () =>
      new Promise<void>((resolve) => {
        for (const socket of sockets) socket.destroy();
        server.close(() => resolve());
      }),
  };
}

/** The capability flags' lower half follows the version, the connection's number and the first part of the salt. */
function withTls(greeting: Buffer): Buffer {
  const changed = Buffer.from(greeting);
  const flags = changed.indexOf(0, 5) + 1 + 4 + 8 + 1;
  changed.writeUInt16LE(changed.readUInt16LE(flags) | SSL_FLAG, flags);
  return changed;
}
