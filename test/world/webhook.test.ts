import { describe, expect, it } from 'vitest';
import { apiOfUrl, type DomainMapping, webhookUrl } from '../../src/aws/api-gateway.js';
import { CannotLookError } from '../../src/core/errors.js';
import { pointsAt } from '../../src/world/webhook.js';
import type { World } from '../../src/world/world.js';

const API = { apiId: 'abc123def4', region: 'eu-west-1', stage: 'dev', path: '/webhooks/stripe' };
const LOCAL = 'http://127.0.0.1:46203';
const AWS = 'https://abc123def4.execute-api.eu-west-1.amazonaws.com/dev/webhooks/stripe';

interface Known {
  /** Another AWS than amazonaws.com. */
  endpoint?: string;
  /** By domain name; null: nobody may look. */
  domains?: Record<string, DomainMapping[] | null>;
}

function reaches(url: string, { endpoint, domains = {} }: Known = {}): Promise<boolean> {
  const world = {
    apiOfUrl: (one: string) => apiOfUrl(one, endpoint),
    apiGateway: {
      domainMappings: async (name: string) => {
        const mappings = domains[name];
        if (mappings === null) throw new CannotLookError({ code: 'AWS_PERMISSION_MISSING', message: 'no' });
        return mappings ?? [];
      },
    },
  } as unknown as World;
  return pointsAt(world, { url }, webhookUrl(API, endpoint ?? ''));
}

describe('an endpoint reaches the deployed webhook', () => {
  it.each([AWS, `${AWS}?source=stripe`, AWS.replace('https://abc', 'HTTPS://ABC')])('at %s', async (url) => {
    expect(await reaches(url)).toBe(true);
  });

  it.each([
    AWS.replace('https:', 'http:'),
    AWS.replace('eu-west-1', 'us-west-2'),
    AWS.replace('abc123def4', 'abc123def5'),
    AWS.replace('/dev/', '/prod/'),
    AWS.replace('/webhooks/stripe', '/webhooks/other'),
    AWS.replace('.com/', '.com.evil.example/'),
    AWS.replace('.com/', '.com.cn/'),
    AWS.replace('.com/', '.com:8443/'),
    AWS.replace('https://', 'https://evil.example/'),
    AWS.replace('https://', 'https://user:word@'),
    AWS.replace('https://', 'https://evil.example@'),
    AWS.replace('https://abc123def4.', 'https://evil.abc123def4.'),
    'https://evil.example/_aws/execute-api/abc123def4/dev/webhooks/stripe',
    `${LOCAL}/_aws/execute-api/abc123def4/dev/webhooks/stripe`,
    'https://pay.example.com/webhooks/stripe',
    'nonsense',
  ])('and not at %s', async (url) => {
    expect(await reaches(url)).toBe(false);
  });

  it('of the local cloud only at its own address', async () => {
    const path = '/_aws/execute-api/abc123def4/dev/webhooks/stripe';
    expect(await reaches(`${LOCAL}${path}`, { endpoint: LOCAL })).toBe(true);
    for (const origin of [
      'http://127.0.0.1:9',
      'https://127.0.0.1:46203',
      'http://localhost:46203',
      'https://evil.example',
    ])
      expect(await reaches(`${origin}${path}`, { endpoint: LOCAL })).toBe(false);
    expect(await reaches(`${LOCAL}/x${path}`, { endpoint: LOCAL })).toBe(false);
    expect(await reaches(AWS, { endpoint: LOCAL })).toBe(false);
  });

  it('by a domain name of the account that leads to this API and stage, and by no other', async () => {
    const mapping = { basePath: '', apiId: API.apiId, stage: 'dev' };
    const url = 'https://pay.example.com/webhooks/stripe';
    const under = (...mappings: DomainMapping[]) => ({ domains: { 'pay.example.com': mappings } });
    expect(await reaches(url, under(mapping))).toBe(true);
    expect(await reaches(url, under({ ...mapping, stage: 'prod' }))).toBe(false);
    expect(await reaches(url, under({ ...mapping, apiId: 'other' }))).toBe(false);
    expect(await reaches(url, under(mapping, { ...mapping, basePath: '/webhooks', apiId: 'other' }))).toBe(
      false,
    );
    expect(
      await reaches('https://pay.example.com/shop/webhooks/stripe', under({ ...mapping, basePath: '/shop' })),
    ).toBe(true);
    expect(
      await reaches(
        'https://pay.example.com/shopping/webhooks/stripe',
        under({ ...mapping, basePath: '/shop' }),
      ),
    ).toBe(false);
    expect(
      await reaches('https://pay.example.com/dev/webhooks/stripe', under({ ...mapping, stage: null })),
    ).toBe(true);
    expect(await reaches(url.replace('https:', 'http:'), under(mapping))).toBe(false);
    expect(await reaches(url, { domains: { 'pay.example.com': null } })).toBe(false);
  });
});
