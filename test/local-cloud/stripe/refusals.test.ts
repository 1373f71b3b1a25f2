import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { STRIPE_ACCOUNT_ID } from '../../../src/local-cloud/stripe/index.js';
import { type LocalStripe, startLocalStripe } from './support.js';

let local: LocalStripe;
beforeEach(async () => {
  local = await startLocalStripe();
});
afterEach(() => local.close());

const errorOf = async (answer: Response) =>
  ((await answer.json()) as { error: Record<string, string> }).error;

/** Refused by name, as the local cloud's own limit. */
const notHere = (what: string) => ({
  type: 'invalid_request_error',
  message: expect.stringContaining(`The local cloud does not support ${what}`),
});

describe('refusals', () => {
  it.each([
    [
      'GET',
      '/v1/nothing',
      undefined,
      404,
      { message: expect.stringMatching(/^Unrecognized request URL \(GET: \/v1\/nothing\)/) },
    ],
    ['POST', '/v1/customers', 'name=x', 404, notHere('POST /v1/customers.')],
    ['GET', '/v1/refunds', undefined, 404, notHere('GET /v1/refunds.')],
    ['POST', '/v1/charges', 'amount=1', 404, notHere('POST /v1/charges.')],
    ['POST', '/v1/stripecli/sessions', 'a=b', 404, notHere('stripe listen and stripe logs tail')],
    ['GET', '/v1/events/', undefined, 404, { message: expect.stringContaining('Unrecognized request URL') }],
    [
      'GET',
      '/v1/events/evt_none',
      undefined,
      404,
      { code: 'resource_missing', param: 'id', message: "No such event: 'evt_none'" },
    ],
    [
      'GET',
      '/v1/events?limit=101',
      undefined,
      400,
      { param: 'limit', message: expect.stringContaining('less than or equal to 100') },
    ],
    [
      'GET',
      '/v1/events?limit=ten',
      undefined,
      400,
      { code: 'parameter_invalid_integer', message: 'Invalid integer: ten' },
    ],
    [
      'GET',
      '/v1/events?colour=red',
      undefined,
      400,
      { code: 'parameter_unknown', message: 'Received unknown parameter: colour' },
    ],
    [
      'GET',
      '/v1/events?type=a&types[]=b',
      undefined,
      400,
      { message: expect.stringContaining('type, types') },
    ],
    ['GET', '/v1/events?starting_after=evt_none', undefined, 404, { param: 'starting_after' }],
    [
      'POST',
      '/v1/webhook_endpoints',
      '',
      400,
      { code: 'parameter_missing', param: 'url', message: 'Missing required param: url.' },
    ],
    ['POST', '/v1/webhook_endpoints', 'url=', 400, { code: 'parameter_invalid_empty', param: 'url' }],
    [
      'POST',
      '/v1/webhook_endpoints',
      'url=shop.example&enabled_events[]=*',
      400,
      { code: 'url_invalid', param: 'url' },
    ],
    [
      'POST',
      '/v1/webhook_endpoints',
      'url=https://a.example&enabled_events[0]=checkout.done',
      400,
      { param: 'enabled_events[0]' },
    ],
    [
      'POST',
      '/v1/webhook_endpoints',
      'url=https://a.example&enabled_events=*',
      400,
      { param: 'enabled_events', message: 'Invalid array' },
    ],
    [
      'POST',
      '/v1/products',
      'name=x&metadata[k]=v&colour=red&size=1',
      400,
      { message: 'Received unknown parameters: colour, size' },
    ],
    [
      'POST',
      '/v1/products',
      'name=x&active=maybe',
      400,
      { param: 'active', message: 'Invalid boolean: maybe' },
    ],
    ['POST', '/v1/products', 'name=%E0%A4%A', 400, { message: expect.stringContaining('percent-encoding') }],
    ['POST', '/v1/products', 'name=x&name[a]=y', 400, { param: 'name' }],
  ])('%s %s %s', async (method, path, body, status, error) => {
    const answer = await local.request(method, path, body);
    expect(answer.status).toBe(status);
    expect(answer.headers.get('request-id')).toMatch(/^req_/);
    expect(await errorOf(answer)).toMatchObject(error);
  });

  it('wants a form on v1, and a version that exists', async () => {
    const json = await local.request('POST', '/v1/products', '{}', { 'content-type': 'application/json' });
    expect((await errorOf(json)).message).toContain(
      'check that your POST content type is application/x-www-form-urlencoded',
    );
    const version = await local.request('GET', '/v1/balance', undefined, { 'stripe-version': '1999-01-01' });
    expect((await errorOf(version)).message).toBe('Invalid Stripe API version: 1999-01-01');
  });

  it('acts for its own account only', async () => {
    const own = await local.request('GET', '/v1/balance', undefined, { 'stripe-account': STRIPE_ACCOUNT_ID });
    expect(own.status).toBe(200);
    for (const header of ['stripe-account', 'stripe-context']) {
      const other = await local.request('GET', '/v1/balance', undefined, { [header]: 'acct_1Somebody' });
      expect([other.status, (await errorOf(other)).code]).toEqual([403, 'account_invalid']);
    }
  });

  it('echoes the version, and the account default when none is sent', async () => {
    const versionOf = async (headers: Record<string, string>) =>
      (await local.request('GET', '/v1/balance', undefined, headers)).headers.get('stripe-version');
    expect(await versionOf({ 'stripe-version': '2026-10-28.endive' })).toBe('2026-10-28.endive');
    expect(await versionOf({})).toBe('2026-08-26.dahlia');
  });
});
