import { X509Certificate } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import { readAddress } from '../../handlers/contract/database-address.js';
import { connectionOptions } from '../../handlers/contract/database-connection.js';
import { addressAt } from './support/databases.js';

describe('the database parameter', () => {
  it('is read with its escapes and defaults, and verifies TLS', () => {
    expect(readAddress('mysql://shop%40app:p%2Fw%3F@db.example.com/shop\n', true)).toEqual({
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
    expect(addressAt('mysql://a:b@127.0.0.1:3307/shop?tls=off', true)).toMatchObject({
      tls: 'off',
      port: 3307,
    });
    expect(addressAt('mysql://a:b@[::1]/shop?tls=off', true)).toMatchObject({ tls: 'off', host: '::1' });
    expect(addressAt('mysql://a:b@db.example.com/shop?tls=off', false)).toMatchObject({ tls: 'off' });
    expect(readAddress('mysql://a:b@db.example.com/shop?tls=off', true)).toMatch(/live stage/);
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
    const refusal = readAddress(value, false);
    expect(refusal).toEqual(expect.any(String));
    expect(refusal).not.toMatch(/secret/);
  });

  it('brings the certificates of Amazon RDS, for its hosts only', async () => {
    const tlsOf = async (url: string) => (await connectionOptions(addressAt(url, true))).ssl;
    const rds = await tlsOf('mysql://a:b@shop.abc.eu-west-1.rds.amazonaws.com/shop');
    expect(rds).toMatchObject({ rejectUnauthorized: true, verifyIdentity: true });
    expect((rds as { ca: string[] }).ca.length).toBeGreaterThan(50);
    for (const url of [
      'mysql://a:b@shop.abc.rds.cn-north-1.amazonaws.com.cn/shop',
      'mysql://a:b@db.example.com/shop?servername=x.mx-central-1.rds.amazonaws.com',
    ])
      expect(await tlsOf(url)).toHaveProperty('ca');
    expect(await tlsOf('mysql://a:b@db.example.com/shop')).toEqual({
      rejectUnauthorized: true,
      verifyIdentity: true,
      minVersion: 'TLSv1.2',
    });
  });

  it('lacks the certificates of the regions that docs/decisions/0016 sends to --database-ca, for now', async () => {
    const { ssl } = await connectionOptions(
      addressAt('mysql://a:b@x.eu-west-1.rds.amazonaws.com/shop', true),
    );
    const subjects = (ssl as { ca: string[] }).ca.map((one) => new X509Certificate(one).subject);
    const known = new Set(
      subjects.map((subject) => /CN=Amazon RDS ([a-z-]+-\d) Root CA RSA2048/.exec(subject)?.[1]),
    );
    const used = 'us-east-1 us-east-2 us-west-1 us-west-2 eu-central-1 eu-central-2 eu-west-1 eu-north-1';
    for (const region of used.split(' ')) expect(known).toContain(region);
    const missing =
      'il-central-1 ca-west-1 ap-southeast-5 ap-southeast-7 mx-central-1 ap-east-2 us-gov-west-1 cn-north-1';
    for (const region of missing.split(' ')) expect(known).not.toContain(region);
  });
});
