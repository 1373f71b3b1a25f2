import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import type { EventLogRecord } from '../../handlers/contract/ledger.js';
import { PROBE_EVENT_TYPE } from '../../handlers/contract/stripe-event.js';
import { getEvents } from '../../handlers/operations/events.js';
import type { Database } from '../../handlers/shared/database/database.js';
import { buildBundles } from './support/bundles.js';
import { embedded, open, type TestDatabase } from './support/databases.js';
import { envelope, webhookRequest } from './support/envelopes.js';
import { type Environment, startEnvironment } from './support/environment.js';
import { CONFIGURATION, checkoutSession, stripeEvent } from './support/events.js';
import { functionEnvironment, startParameterStore } from './support/parameter-store.js';
import { prepare, sell, stateOf } from './support/shop.js';

const COMPLETED = 'checkout.session.completed';
const SECRETS = '/cachao/test/stripe/webhook-secret';

describe('the functions as they are deployed', () => {
  let bundles: Awaited<ReturnType<typeof buildBundles>>;
  let server: TestDatabase;
  let database: Database;
  let store: Awaited<ReturnType<typeof startParameterStore>>;
  const running: Environment[] = [];

  beforeAll(async () => {
    bundles = await buildBundles();
    server = await embedded();
    database = open(server);
    await prepare(database);
    store = await startParameterStore({ '/cachao/test/database': server.url, [SECRETS]: 'whsec_one' });
  });
  afterEach(async () => {
    for (const environment of running.splice(0)) await environment.kill();
    store.values[SECRETS] = 'whsec_one';
  });
  afterAll(async () => {
    await database.close();
    await server.close();
    await store.close();
    await bundles.remove();
  });

  const start = async (name: string, variables: Record<string, string> = {}) => {
    const environment = await startEnvironment(bundles.bundle(name), {
      ...functionEnvironment(store.url),
      ...variables,
    });
    running.push(environment);
    return environment;
  };
  const answered = async (environment: Environment, request: unknown) => {
    const { result } = await environment.invoke(request);
    const { statusCode, body } = result as { statusCode: number; body: string };
    return {
      status: statusCode,
      body: JSON.parse(body) as { error?: { code: string }; outcome?: string; received?: boolean },
    };
  };
  const logged = (environment: Environment) =>
    environment
      .log()
      .split('\n')
      .filter((line) => line.startsWith('{'))
      .map((line) => JSON.parse(line) as EventLogRecord);

  it.each(['stripe-event', 'stripe-webhook', 'drain'])(
    '%s answers a probe also where it is configured wrongly: no invocation fails by being asked',
    async (name) => {
      const environment = await start(name, { CACHAO_CURRENCY: 'ducats' });
      expect((await environment.invoke({ type: PROBE_EVENT_TYPE })).result).toEqual({
        probe: true,
        error: { code: 'CONFIGURATION', message: expect.stringContaining('CACHAO_CURRENCY is "ducats"') },
      });
    },
  );

  describe('stripe-event', () => {
    it('applies an envelope, answers with what it did, and logs one structured line', async () => {
      const environment = await start('stripe-event');
      const sale = await sell(database);
      const event = stripeEvent(COMPLETED, {
        ...checkoutSession(sale.orderId),
        customer_details: { email: 'someone@example.com' },
      });
      expect((await environment.invoke(envelope(event))).result).toEqual({
        outcome: 'paid',
        orderId: sale.orderId,
      });
      expect(logged(environment)).toEqual([
        {
          level: 'INFO',
          message: 'stripe-event',
          eventId: event.id,
          eventType: COMPLETED,
          via: 'eventbridge',
          receivedAt: expect.stringMatching(/^\d{4}-.*\.\d{3}Z$/),
          envelopeTime: '2026-11-23T10:00:00Z',
          outcome: 'paid',
          orderId: sale.orderId,
          durationMs: expect.any(Number),
        },
      ]);
      expect(environment.log()).not.toContain('someone@example.com');
    });

    it('throws what it cannot apply, with the code as the error type, and logs it', async () => {
      const environment = await start('stripe-event');
      const event = stripeEvent(COMPLETED, checkoutSession('424242424242'));
      expect(await environment.invoke(envelope(event))).toMatchObject({
        error: 'UNKNOWN_ORDER',
        message: expect.stringContaining('424242424242'),
      });
      expect(logged(environment)).toMatchObject([
        { level: 'ERROR', outcome: 'error', code: 'UNKNOWN_ORDER', eventId: event.id },
      ]);
    });

    it.each([
      ['nothing', null],
      ['a foreign source', envelope(stripeEvent(COMPLETED, {}), { source: 'aws.partner/example.com/1' })],
      [
        "a type that is not the event's",
        envelope(stripeEvent(COMPLETED, {}), { 'detail-type': 'charge.succeeded' }),
      ],
      ['an event without an id', envelope(stripeEvent(COMPLETED, {}, { id: 'no' }))],
      ['an invented path', { ...envelope(stripeEvent(COMPLETED, {})), cachao: { via: 'webhook' } }],
    ])('refuses %s', async (_title, input) => {
      expect(await (await start('stripe-event')).invoke(input)).toMatchObject({ error: 'MALFORMED_EVENT' });
    });

    it('notes replays and reconciliations as what they are', async () => {
      const environment = await start('stripe-event');
      const event = stripeEvent('charge.succeeded', {});
      for (const via of ['replay', 'reconcile'] as const)
        await environment.invoke(envelope(event, { cachao: { via } }));
      const [recorded] = (await getEvents(database, CONFIGURATION, { eventIds: [event.id] })).events;
      expect(recorded?.arrivals.map((one) => one.via).sort()).toEqual(['reconcile', 'replay']);
    });

    it('names the variable that is missing, and the parameter that cannot be read', async () => {
      const without = await start('stripe-event', { CACHAO_CURRENCY: '' });
      expect(await without.invoke(envelope(stripeEvent(COMPLETED, {})))).toMatchObject({
        error: 'CONFIGURATION',
        message: expect.stringContaining('CACHAO_CURRENCY'),
      });
      const unknown = await start('stripe-event', { CACHAO_DATABASE_PARAMETER: '/nowhere' });
      expect(await unknown.invoke(envelope(stripeEvent('charge.updated', {})))).toMatchObject({
        error: 'CONFIGURATION',
        message: expect.stringMatching(/\/nowhere.*ParameterNotFound/),
      });
    });

    it('reads the database parameter again when the password was changed', async () => {
      store.values['/cachao/test/database'] = server.url.replace(/:[^:@]+@/, ':old@');
      const environment = await start('stripe-event');
      const refused = await environment.invoke(envelope(stripeEvent('charge.updated', {})));
      expect(refused).toMatchObject({
        error: 'DATABASE_UNAVAILABLE',
        message: expect.stringContaining('ER_ACCESS_DENIED'),
      });
      store.values['/cachao/test/database'] = server.url;
      expect(await environment.invoke(envelope(stripeEvent('charge.updated', {})))).toMatchObject({
        result: { outcome: 'ignored-type' },
      });
    });

    it('looks for the address again when the database has moved', async () => {
      // Port 1 of loopback refuses, as the address does that a database has left.
      store.values['/cachao/test/database'] = server.url.replace(/:\d+\//, ':1/');
      const environment = await start('stripe-event');
      expect(await environment.invoke(envelope(stripeEvent('charge.updated', {})))).toMatchObject({
        error: 'DATABASE_UNAVAILABLE',
        message: expect.stringContaining('ECONNREFUSED'),
      });
      store.values['/cachao/test/database'] = server.url;
      expect(await environment.invoke(envelope(stripeEvent('charge.updated', {})))).toMatchObject({
        result: { outcome: 'ignored-type' },
      });
    });

    it('asks SSM once and connects once for many events', async () => {
      const environment = await start('stripe-event');
      const before = store.asked.length;
      for (let index = 0; index < 5; index++)
        await environment.invoke(envelope(stripeEvent('charge.updated', {})));
      expect(store.asked.slice(before)).toEqual(['/cachao/test/database']);
    });
  });

  describe('stripe-webhook', () => {
    it.each([
      ['as text', (request: ReturnType<typeof webhookRequest>) => request],
      [
        'in base64',
        (request: ReturnType<typeof webhookRequest>) => ({
          ...request,
          body: Buffer.from(request.body).toString('base64'),
          isBase64Encoded: true,
        }),
      ],
      [
        'with headers in lower case',
        (request: ReturnType<typeof webhookRequest>) => ({
          ...request,
          headers: { 'stripe-signature': request.headers['Stripe-Signature'] },
        }),
      ],
      [
        'with headers of several values',
        (request: ReturnType<typeof webhookRequest>) => ({
          ...request,
          headers: null,
          multiValueHeaders: { 'STRIPE-SIGNATURE': [request.headers['Stripe-Signature']] },
        }),
      ],
    ])('applies an event that comes %s', async (_title, change) => {
      const environment = await start('stripe-webhook');
      const sale = await sell(database);
      // Characters of one to four bytes, so that bytes and characters differ.
      const session = { ...checkoutSession(sale.orderId), note: 'é€😀' };
      expect(
        await answered(environment, change(webhookRequest(stripeEvent(COMPLETED, session), 'whsec_one'))),
      ).toEqual({ status: 200, body: { received: true, outcome: 'paid' } });
      expect(await stateOf(database, sale)).toMatchObject({ status: 'paid' });
      expect(logged(environment)).toMatchObject([{ via: 'webhook', outcome: 'paid' }]);
    });

    it('refuses with 400 what Stripe did not sign, without asking the database', async () => {
      const environment = await start('stripe-webhook', { CACHAO_DATABASE_PARAMETER: '/nowhere' });
      const event = stripeEvent(COMPLETED, {});
      expect(await answered(environment, { headers: {}, body: '{}' })).toMatchObject({
        status: 400,
        body: { error: { code: 'SIGNATURE_MISSING' } },
      });
      expect(await answered(environment, webhookRequest(event, 'whsec_foreign'))).toMatchObject({
        status: 400,
        body: { error: { code: 'SIGNATURE_INVALID' } },
      });
      const signed = webhookRequest(event, 'whsec_one');
      expect(await answered(environment, { ...signed, body: `${signed.body} ` })).toMatchObject({
        status: 400,
      });
      expect(
        await answered(environment, { headers: { 'stripe-signature': 't=1,v1=00' }, body: null }),
      ).toMatchObject({ status: 400 });
    });

    it('answers a probe without recording it', async () => {
      const environment = await start('stripe-webhook', { CACHAO_DATABASE_PARAMETER: '/nowhere' });
      const probe = stripeEvent(PROBE_EVENT_TYPE, {}, { api_version: null });
      expect(await answered(environment, webhookRequest(probe, 'whsec_one'))).toMatchObject({
        status: 200,
        body: { received: true },
      });
      expect(await answered(environment, webhookRequest(probe, 'whsec_two'))).toMatchObject({ status: 400 });
      expect((await getEvents(database, CONFIGURATION, { eventIds: [probe.id] })).events).toEqual([]);
    });

    it('answers 500 with the code for what it cannot apply, so that Stripe sends it again', async () => {
      const environment = await start('stripe-webhook');
      const unknown = await answered(
        environment,
        webhookRequest(stripeEvent(COMPLETED, checkoutSession('424242424242')), 'whsec_one'),
      );
      expect(unknown).toMatchObject({ status: 500, body: { error: { code: 'UNKNOWN_ORDER' } } });
      expect(await answered(environment, webhookRequest('not json', 'whsec_one'))).toMatchObject({
        status: 500,
        body: { error: { code: 'MALFORMED_EVENT' } },
      });
      expect(
        await answered(environment, webhookRequest({ object: 'v2.core.event' }, 'whsec_one')),
      ).toMatchObject({ status: 500 });
      const lost = await start('stripe-webhook', { CACHAO_WEBHOOK_SECRET_PARAMETER: '/nowhere' });
      expect(await answered(lost, webhookRequest(stripeEvent(COMPLETED, {}), 'whsec_one'))).toMatchObject({
        status: 500,
        body: { error: { code: 'CONFIGURATION' } },
      });
    });

    it('accepts old and new secrets during a rotation', async () => {
      store.values[SECRETS] = 'whsec_two,whsec_one';
      const environment = await start('stripe-webhook');
      for (const secret of ['whsec_one', 'whsec_two']) {
        expect(
          await answered(environment, webhookRequest(stripeEvent('charge.updated', {}), secret)),
        ).toMatchObject({ status: 200 });
      }
    });

    it('does not ask SSM again for every bad signature', async () => {
      const environment = await start('stripe-webhook');
      const before = store.asked.length;
      for (let index = 0; index < 5; index++)
        await answered(environment, webhookRequest(stripeEvent('charge.updated', {}), 'whsec_foreign'));
      expect(store.asked.length - before).toBe(1);
    });
  });
});
