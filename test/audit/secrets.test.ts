// biome-ignore-all lint/suspicious/noTemplateCurlyInString: CloudFormation writes its references like that.
import { describe, expect, it } from 'vitest';
import { RULES } from '../../src/audit/rules/registry.js';
import { renderSarif } from '../../src/cli/audit/render-sarif.js';
import { audit, diffOf, mend } from './support.js';

const KEY = `sk_test_${'Q7rT2vX9'.repeat(3)}`;
const SIGNING = `whsec_${'Zk3m8Pq1'.repeat(3)}`;

/** A function on Stripe's webhook with these variables, and parameters above it. */
const hook = (variables: string, parameters = '', more = ''): string => `
Transform: AWS::Serverless-2016-10-31
Parameters:
  Stage: { Type: String, Default: prod }
${parameters}
Conditions:
  Live: !Equals [!Ref Stage, prod]
Resources:
  Hook:
    Type: AWS::Serverless::Function
    Properties:
      FunctionName: !Sub prod-\${Stage}-hook
      Runtime: nodejs22.x
      Environment:
        Variables:
${variables.replace(/^/gm, '          ')}
      Events:
        In: { Type: HttpApi, Properties: { Path: /pay/stripe-webhook, Method: post } }
${more}`;

const secrets = (text: string) =>
  audit(text)
    .findings.filter((one) => /secret/.test(one.id))
    .map((one) => `${one.outcome} ${one.id} ${one.location.line}`);

describe('a secret', () => {
  it.each([
    ['joined', `STRIPE_WEBHOOK_SECRET: !Join ['', [whsec_, ${SIGNING.slice(6)}]]`, 'fail function.secrets'],
    ['in one branch', `STRIPE_API_KEY: !If [Live, !Ref AWS::NoValue, ${KEY}]`, 'fail secret.no-stripe-key'],
    ['under a name that says nothing', `BILLING: ${KEY}`, 'fail secret.no-stripe-key'],
    ['in a Sub', `A: !Sub '${SIGNING}'`, 'fail function.secrets'],
    ['in a URL', 'MONGO: mongodb://shop:hunter22@db.example/shop', 'fail secret.database'],
  ])('%s is found, and shown nowhere', (_what, variable, found) => {
    const text = hook(`${variable}\nTABLE: orders`);
    expect(secrets(text)).toEqual([`${found} 16`]);
    const made = mend(text);
    const report = {
      templates: [],
      findings: made.before.findings,
      exitCode: 1,
      changes: [],
      error: null,
    } as never;
    const shown = [
      JSON.stringify(made.before.findings),
      diffOf(made),
      renderSarif(report, RULES, '1.0.0'),
    ].join();
    for (const secret of [KEY, SIGNING, KEY.slice(8), SIGNING.slice(6), 'hunter22'])
      expect(shown).not.toContain(secret);
  });

  it.each([
    ['a path', 'SSM_PATH_STRIPE_KEY: /shop/key'],
    ['a path under a secret’s name', "STRIPE_WEBHOOK_SECRET: !Sub '/shop/${Stage}/whsec'"],
    ['a joined path', "STRIPE_SECRET_KEY: !Join [/, ['', shop, !Ref Stage, sk]]"],
    ['an issuer', 'TOKEN_ISSUER: shop'],
    ['a policy', 'PASSWORD_POLICY: strict'],
    ['a publishable key', 'STRIPE_PUBLISHABLE_KEY: pk_test_abcdefgh12345678'],
    ['a price', 'STRIPE_PRICE_ID: price_123'],
    ['the ARN of a secret', 'STRIPE_SECRET_KEY: !Ref Kept'],
  ])('is not %s', (_what, variable) => {
    expect(secrets(hook(variable, '', '  Kept: { Type: AWS::SecretsManager::Secret }\n'))).toEqual([]);
  });

  it('that another service has is not said to forge Stripe’s events', () => {
    const [found] = audit(hook('SLACK_SIGNING_SECRET: 8f742231b10e8888abcd99yyyzzz85a5')).findings.filter(
      (one) => one.id === 'function.secrets',
    );
    expect([found?.outcome, found?.why]).toEqual(['warn', expect.not.stringContaining('forge')]);
  });

  it('of a webhook that nothing says is Stripe’s is none of ours', () => {
    const text = hook('WEBHOOK_SECRET: !Ref Given', '  Given: { Type: String, NoEcho: true }');
    expect(secrets(text)).toEqual(['fail function.secrets 16']);
    expect(secrets(text.replace('/pay/stripe-webhook', '/pay/webhook'))).toEqual([]);
  });

  it('that stands there only as a placeholder warns', () => {
    expect(secrets(hook('STRIPE_SECRET_KEY: sk_test_REPLACE_ME\nSTRIPE_WEBHOOK_SECRET: changeme'))).toEqual([
      'warn secret.no-stripe-key 16',
      'warn function.secrets 17',
    ]);
  });

  it('of several functions is told once, with their names', () => {
    const second = `  Other:
    Type: AWS::Serverless::Function
    Properties:
      Environment: { Variables: { STRIPE_SECRET_KEY: !Ref Key } }
`;
    const found = audit(hook('STRIPE_API_KEY: !Ref Key', '  Key: { Type: String }', second)).findings.filter(
      (one) => /secret/.test(one.id),
    );
    expect(found.map((one) => one.summary)).toEqual([
      'Hook and Other have a Stripe API key in STRIPE_API_KEY, from the stack parameter Key, which everybody may read: it has no NoEcho.',
    ]);
  });

  it('counts in a template without any path', () => {
    const text = `
Parameters:
  ApiKey: { Type: String, Default: ${KEY} }
Mappings:
  Stages:
    prod: { signing: ${SIGNING} }
Resources:
  Worker:
    Type: AWS::Lambda::Function
    Properties:
      Environment: { Variables: { PLAIN: ${SIGNING} } }
`;
    expect(secrets(text)).toEqual([
      'fail audit.secret-parameter 3',
      'fail audit.secret-written 6',
      'fail function.secrets 11',
    ]);
  });

  it('that a hidden parameter hands to Secrets Manager is well kept', () => {
    const kept =
      '  Kept: { Type: AWS::SecretsManager::Secret, Properties: { SecretString: !Ref StripeSecretKey } }\n';
    const parameter = '  StripeSecretKey: { Type: String, NoEcho: true }';
    expect(secrets(hook('KEY_ARN: !Ref Kept', parameter, kept))).toEqual([]);
    const open = hook('KEY_ARN: !Ref Kept', parameter.replace(', NoEcho: true', ''), kept);
    expect(secrets(open)).toEqual(['fail audit.secret-parameter 5']);
    expect(secrets(mend(open).text)).toEqual([]);
    expect(mend(open).text).toContain('NoEcho: true');
  });

  it('whose name only contains an ordinary parameter leaves that parameter alone', () => {
    const text = hook("STRIPE_WEBHOOK_SECRET: !Sub '{{resolve:secretsmanager:${Stage}/stripe}}'");
    expect(secrets(text)).toEqual(['fail function.secrets 16']);
    const made = mend(text);
    expect(made.text).not.toContain('NoEcho');
    expect(JSON.stringify(made.before.findings) + diffOf(made)).not.toContain('[secret]');
  });
});
