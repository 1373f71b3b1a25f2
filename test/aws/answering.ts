import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { AwsSession, type AwsSessionOptions } from '../../src/aws/session.js';

export const KEYS = { accessKeyId: 'AKIAEXAMPLE', secretAccessKey: 'example' };

/** An AWS that answers everything the same way, on a port of its own. */
export async function answering(answer: (request: IncomingMessage, response: ServerResponse) => void) {
  const server = createServer(answer);
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  return {
    url,
    close: () => {
      server.closeAllConnections();
      return new Promise((resolve) => server.close(resolve));
    },
  };
}

/** One attempt, no environment: what is tested is what the options say. */
export function sessionAt(endpoint: string, options: Partial<AwsSessionOptions> = {}): AwsSession {
  return new AwsSession({
    region: 'eu-west-1',
    profile: null,
    endpoint,
    credentials: KEYS,
    environment: {},
    attempts: 1,
    ...options,
  });
}
