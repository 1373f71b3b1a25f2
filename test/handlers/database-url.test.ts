import { describe, expect, it } from 'vitest';
import { parseAddress, tlsOptions } from '../../handlers/shared/database/url.js';

describe('the database parameter', () => {
  it('is read with its escapes and defaults, and verifies TLS', () => {
    expect(parseAddress('mysql://shop%40app:p%2Fw%3F@db.example.com/shop\n', true)).toEqual({
      host: 'db.example.com',
      port: 3306,
      user: 'shop@app',
      password: 'p/w?',
      database: 'shop',
      tls: 'verified',
      serverName: null,
      authorities: null,
    });
  });

  it('may switch TLS off on loopback, and elsewhere on test stages only', () => {
    expect(parseAddress('mysql://a:b@127.0.0.1:3307/shop?tls=off', true)).toMatchObject({
      tls: 'off',
      port: 3307,
    });
    expect(parseAddress('mysql://a:b@[::1]/shop?tls=off', true)).toMatchObject({ tls: 'off', host: '::1' });
    expect(parseAddress('mysql://a:b@db.example.com/shop?tls=off', false)).toMatchObject({ tls: 'off' });
    expect(() => parseAddress('mysql://a:b@db.example.com/shop?tls=off', true)).toThrow(/live stage/);
  });

  it.each([
    'secret',
    'postgres://a:secret@h/d',
    'mysql://h/d',
    'mysql://a:secret@h/',
    'mysql://a:secret@h/d?tls=maybe',
    'mysql://a:secret%zz@h/d',
    'mysql://a:secret@h/d\nsecret',
  ])('is refused as %s, without repeating it', (value) => {
    expect(() => parseAddress(value, false)).toThrow(expect.objectContaining({ name: 'CONFIGURATION' }));
    expect(() => parseAddress(value, false)).not.toThrow(/secret/);
  });

  it('brings the certificates of Amazon RDS, for its hosts only', async () => {
    const rds = await tlsOptions(parseAddress('mysql://a:b@shop.abc.eu-west-1.rds.amazonaws.com/shop', true));
    expect(rds.ssl).toMatchObject({ rejectUnauthorized: true, verifyIdentity: true });
    expect((rds.ssl as { ca: string[] }).ca.length).toBeGreaterThan(50);
    for (const name of [
      'shop.abc.rds.cn-north-1.amazonaws.com.cn',
      'db.example.com/shop?servername=x.mx-central-1.rds.amazonaws.com',
    ])
      expect(
        (await tlsOptions(parseAddress(`mysql://a:b@${name.includes('/') ? name : `${name}/shop`}`, true)))
          .ssl,
      ).toHaveProperty('ca');
    const other = await tlsOptions(parseAddress('mysql://a:b@db.example.com/shop', true));
    expect(other.ssl).toEqual({ rejectUnauthorized: true, verifyIdentity: true, minVersion: 'TLSv1.2' });
  });
});
