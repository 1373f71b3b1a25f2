import { describe, expect, it } from 'vitest';
import { auditText } from '../../src/audit/audit.js';
import { readBaseline, writeBaseline } from '../../src/audit/baseline.js';
import { RULES } from '../../src/audit/rules/registry.js';
import { audit, idsOf, mend, read } from './support.js';

const BEFORE = read('test/fixtures/checklist/before.sam.yaml');
const HANDLER = '  StripeEventBridgeHandler:\n';
const above = (comment: string): string => BEFORE.replace(HANDLER, `  # ${comment}\n${HANDLER}`);
const mutedIn = (text: string, name?: string): string[] =>
  audit(text, name)
    .findings.filter((finding) => finding.muted)
    .map((finding) => `${finding.id}: ${finding.muted?.reason}`);

describe('a suppression', () => {
  it('above an entry covers all of it, for the rules it names, with its reason', () => {
    const text = above('cachao-audit-ignore function.concurrency, eventbridge.rule-enabled: small account');
    expect(mutedIn(text)).toEqual([
      'function.concurrency: small account',
      'eventbridge.rule-enabled: small account',
    ]);
    expect(idsOf(audit(text))).not.toContain('audit.suppression');
  });

  it('on the line itself covers what begins there, and nothing else', () => {
    const text = BEFORE.replace(
      'EventBusName: default',
      'EventBusName: default # cachao-audit-ignore eventbridge.rule-bus: forwarded by hand',
    );
    expect(mutedIn(text)).toEqual(['eventbridge.rule-bus: forwarded by hand']);
  });

  it('keeps --write away from what it covers', () => {
    const text = above('cachao-audit-ignore function.tags: tagged by the pipeline');
    expect(mend(text).text.match(/ManagedBy/g)).toHaveLength(1);
  });

  it.each([
    ['function.concurrency', 'gives no reason, and is not followed'],
    ['function.concurrenci: because', 'names "function.concurrenci", which is no rule'],
    ['', 'names no rule'],
    ['everything: because', 'names "everything", which is no rule'],
    ['queue.encrypted: because', 'covers nothing any more'],
  ])('that reads "%s" is told', (comment, words) => {
    const found = audit(above(`cachao-audit-ignore ${comment}`)).findings;
    const [own] = found.filter((finding) => finding.id === 'audit.suppression');
    expect(own?.summary).toContain(words);
    expect(found.filter((finding) => finding.muted)).toEqual([]);
  });

  it('in a string is none', () => {
    const text = BEFORE.replace(
      '      Handler: index.handler\n',
      '      Handler: index.handler\n      Description: "a # cachao-audit-ignore function.concurrency: no"\n',
    );
    expect(mutedIn(text)).toEqual([]);
  });

  it('stands in the metadata of JSON', () => {
    const template = JSON.parse(read('test/fixtures/checklist/before.cfn.json'));
    template.Resources.StripeEventBridgeHandler.Metadata = {
      cachao: { ignore: { 'function.concurrency': 'small account' } },
    };
    expect(mutedIn(JSON.stringify(template), 'template.json')).toEqual([
      'function.concurrency: small account',
    ]);
    template.Metadata = { cachao: { ignore: { 'function.tags': 'tagged by the pipeline' } } };
    expect(mutedIn(JSON.stringify(template), 'template.json')).toHaveLength(3);
  });
});

describe('a baseline', () => {
  const baselineOf = (text: string) => readBaseline('b.json', writeBaseline(audit(text).findings));
  const counted = (text: string, accepted: string) =>
    auditText('template.yaml', text, { rules: RULES, baseline: baselineOf(accepted) }).findings.filter(
      (one) => !one.muted,
    );

  it('accepts what was there, wherever it moves in the file', () => {
    expect(counted(BEFORE, BEFORE)).toEqual([]);
    expect(counted(`# a new first line\n\n${BEFORE}`, BEFORE)).toEqual([]);
  });

  it('does not accept the same thing somewhere else', () => {
    const second = BEFORE.replace(
      'Outputs:',
      '  Second:\n    Type: AWS::Serverless::Function\n    Properties:\n      Events:\n        Hook: { Type: Api, Properties: { Path: /webhooks/stripe2, Method: post } }\n\nOutputs:',
    );
    expect(counted(second, BEFORE).every((one) => /^Resources\/Second/.test(one.location.path))).toBe(true);
    expect(counted(second, BEFORE).length).toBeGreaterThan(3);
  });

  it.each(['', '[]', '{"format":"other"}', '{"format":"cachao:audit-baseline/1","findings":[{}]}'])(
    'that reads %s is refused',
    (text) => {
      expect(() => readBaseline('b.json', text)).toThrow(/The baseline b\.json cannot be read/);
    },
  );
});
