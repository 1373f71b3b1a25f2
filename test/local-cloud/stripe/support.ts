import http from 'node:http';
import type { AddressInfo } from 'node:net';
import Stripe from 'stripe';
import { awsFront } from '../../../src/local-cloud/aws-front.js';
import { Clock } from '../../../src/local-cloud/kernel/clock.js';
import { LocalCloud } from '../../../src/local-cloud/kernel/cloud.js';
import { listen } from '../../../src/local-cloud/kernel/http.js';
import type { PartnerEventsPort } from '../../../src/local-cloud/kernel/ports.js';
import { Store } from '../../../src/local-cloud/kernel/store.js';
import { STRIPE_TEST_KEY, stripeSide } from '../../../src/local-cloud/stripe/index.js';
import { askAdmin } from '../../support/local-cloud.js';

export const API_VERSION = '2026-10-28.endive';

/** A partner-events port of its own: sources stay pending until the test says otherwise; what was put is kept. */
export class TestPartnerEvents implements PartnerEventsPort {
  readonly sources = new Map<string, 'pending' | 'active' | 'deleted' | 'gone'>();
  readonly put: { arn: string; detailType: string; detail: { id: string; [member: string]: unknown } }[] = [];
  private readonly listeners: ((arn: string) => void)[] = [];

  createSource(region: string, _account: string, name: string): string {
    const arn = `arn:aws:events:${region}::event-source/${name}`;
    this.sources.set(arn, 'pending');
    return arn;
  }
  deleteSource(arn: string): void {
    this.sources.set(arn, 'deleted');
  }
  sourceStatus(arn: string) {
    return this.sources.get(arn) ?? 'gone';
  }
  putEvent(arn: string, event: { detailType: string; detail: unknown }): void {
    this.put.push({ arn, detailType: event.detailType, detail: event.detail as { id: string } });
  }
  onChange(listener: (arn: string) => void): void {
    this.listeners.push(listener);
  }
  move(arn: string, status: 'active' | 'gone'): void {
    this.sources.set(arn, status);
    for (const listener of this.listeners) listener(arn);
  }
}

export interface LocalStripe {
  cloud: LocalCloud;
  clock: Clock;
  partner: TestPartnerEvents;
  url: string;
  aws: string;
  sdk(key?: string): Stripe;
  /** A raw request, with the test key unless headers say otherwise. */
  request(method: string, path: string, body?: string, headers?: Record<string, string>): Promise<Response>;
  admin(path: string, body: object): Promise<Response>;
  close(): Promise<void>;
}

/** The Stripe side alone over real HTTP. Nothing happens by itself until the clock is advanced. */
export async function startLocalStripe(
  options: { directory?: string; partner?: TestPartnerEvents } = {},
): Promise<LocalStripe> {
  const clock = new Clock('manual');
  const cloud = new LocalCloud(new Store(options.directory), clock);
  const partner = options.partner ?? new TestPartnerEvents();
  cloud.provide('partnerEvents', partner);
  const side = stripeSide(cloud);
  const stripe = await listen(side.front, 0);
  const aws = await listen(awsFront(cloud), 0);
  cloud.addresses.stripe = stripe.url;
  cloud.addresses.aws = aws.url;
  side.start();
  const common = { authorization: `Bearer ${STRIPE_TEST_KEY}` };
  return {
    cloud,
    clock,
    partner,
    url: stripe.url,
    aws: aws.url,
    sdk: (key = STRIPE_TEST_KEY) =>
      new Stripe(key, {
        host: '127.0.0.1',
        port: stripe.port,
        protocol: 'http',
        telemetry: false,
        maxNetworkRetries: 0,
      }),
    request: (method, path, body, headers = {}) =>
      fetch(stripe.url + path, {
        method,
        redirect: 'manual',
        ...(body === undefined ? {} : { body }),
        headers: { ...common, 'content-type': 'application/x-www-form-urlencoded', ...headers },
      }),
    admin: (path, body) => askAdmin({ aws: aws.url, cloud }, path, 'PUT', body),
    async close() {
      side.stop();
      await stripe.close();
      await aws.close();
      await cloud.stop();
    },
  };
}

export interface Received {
  body: string;
  signature: string;
}

/** A merchant's webhook endpoint. Answers what `status` says at that moment. */
export class Merchant {
  readonly received: Received[] = [];
  status = 200;
  url = '';
  private readonly server = http.createServer((request, response) => {
    const chunks: Buffer[] = [];
    request.on('data', (chunk: Buffer) => chunks.push(chunk));
    request.on('end', () => {
      const body = Buffer.concat(chunks).toString('utf8');
      this.received.push({ body, signature: String(request.headers['stripe-signature'] ?? '') });
      response.writeHead(this.status, { location: '/elsewhere' }).end();
    });
  });

  async open(): Promise<this> {
    await new Promise<void>((resolve) => this.server.listen(0, '127.0.0.1', resolve));
    this.url = `http://127.0.0.1:${(this.server.address() as AddressInfo).port}/hook`;
    return this;
  }
  types(): string[] {
    return this.received.map(({ body }) => (JSON.parse(body) as { type: string }).type);
  }
  close(): void {
    this.server.closeAllConnections();
    this.server.close();
  }
}

/** Moves simulated time and waits for the deliveries that fell due to be over, however long they really take. */
export async function pass(stripe: LocalStripe, milliseconds: number, settled: () => boolean): Promise<void> {
  await stripe.clock.advance(milliseconds);
  while (!settled()) await new Promise((resolve) => setTimeout(resolve, 5));
}

export const ORDER: Stripe.Checkout.SessionCreateParams = {
  mode: 'payment',
  line_items: [
    {
      quantity: 2,
      price_data: { currency: 'eur', unit_amount: 1500, product_data: { name: 'Concert <b>ticket</b>' } },
    },
  ],
  success_url: 'https://shop.example/thanks?session={CHECKOUT_SESSION_ID}',
  cancel_url: 'https://shop.example/basket',
  client_reference_id: 'order_42',
  metadata: { order_id: '42', cachao_stage: 'test' },
};

/** Pays without a browser, as the Stripe CLI does. */
export async function payHeadless(
  sdk: Stripe,
  session: { id: string; amount_total: number | null },
  token = 'tok_visa',
) {
  const method = await sdk.paymentMethods.create({
    type: 'card',
    card: { token },
    billing_details: { email: 'jenny@example.com', name: 'Jenny Rosen' },
  });
  return sdk.rawRequest('POST', `/v1/payment_pages/${session.id}/confirm`, {
    payment_method: method.id,
    expected_amount: session.amount_total,
  });
}
