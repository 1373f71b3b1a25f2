import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterEach, expect, it, vi } from 'vitest';
import { accountReads } from '../../src/stripe/account.js';
import { StripeSession } from '../../src/stripe/session.js';

afterEach(() => {
  vi.unstubAllEnvs();
});

it('asks Stripe through the proxy of the environment, as AWS', async () => {
  const hosts: string[] = [];
  const proxy = createServer().on('connect', (request, socket) => {
    hosts.push(request.url ?? '');
    socket.end('HTTP/1.1 502 no\r\n\r\n');
  });
  await new Promise<void>((resolve) => proxy.listen(0, '127.0.0.1', resolve));
  vi.stubEnv('HTTPS_PROXY', `http://127.0.0.1:${(proxy.address() as AddressInfo).port}`);
  const session = new StripeSession(`sk_test_${'a'.repeat(24)}`, undefined, '1.2.3');
  await expect(accountReads(session).balance()).rejects.toMatchObject({ code: 'STRIPE_UNREACHABLE' });
  proxy.close();
  expect(new Set(hosts)).toEqual(new Set(['api.stripe.com:443']));
});
