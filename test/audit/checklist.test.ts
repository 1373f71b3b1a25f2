import { describe, expect, it } from 'vitest';
import { audit, idsOf, mend, read } from './support.js';

const BEFORE = 'test/fixtures/checklist/before.sam.yaml';
const RECOMMENDED = 'test/fixtures/checklist/recommended.sam.yaml';

describe("the checklist's own shop", () => {
  it('lacks all thirteen items before anyone worked through the checklist', () => {
    const items = audit(read(BEFORE)).findings.map((finding) => finding.item);
    expect([...new Set(items)].filter((item) => item !== null).sort((a, b) => a - b)).toEqual([
      1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13,
    ]);
  });

  it('lacks them when SAM has been expanded, too, but for the role that SAM wrote', () => {
    const found = audit(read('test/fixtures/checklist/before.cfn.json'), 'before.cfn.json');
    expect(found.sam).toBe(false);
    const items = new Set(found.findings.map((finding) => finding.item));
    expect([...items].filter((item) => item !== null).sort((a, b) => a - b)).toEqual([
      1, 2, 3, 4, 5, 6, 7, 8, 10, 11, 12, 13,
    ]);
  });

  it('has, with all that was recommended, the mistakes of the recommendations', () => {
    const found = audit(read(RECOMMENDED));
    const summaries = found.findings.map((finding) => `${finding.id}: ${finding.summary}`);
    for (const mistake of [
      /^eventbridge\.pattern: .* waits for the source stripe\.com/,
      /^eventbridge\.rule-bus: .* stands on default/,
      /^eventbridge\.dlq: .* has no dead-letter queue for what it cannot deliver/,
      /^alarm\.function-errors: StripeEventBridgeHandlerAlarm watches .*\.Arn}", its ARN/,
      /^api\.throttled: CachaoApi does not throttle/,
      /^function\.role: Statement RDSAccess .* allows rds:describedbinstances on every resource/,
      /^audit\.log-group-collision: StripeEventBridgeHandlerLogGroup/,
      /^function\.secrets: StripePaymentFunction .* from the stack parameter StripeWebhookSecret/,
      /^audit\.fixed-name: StripeEventDLQ is always called "cachao-stripe-event-dlq"/,
      /^function\.async: .* does not state/,
    ])
      expect(summaries).toContainEqual(expect.stringMatching(mistake));
  });

  it('has, pasted as it stands, the properties that SAM refuses', () => {
    const pasted = read(RECOMMENDED)
      .replace(/# Throttle: \{(.*?)\} is refused.*$/m, 'Throttle: {$1}')
      .replace(
        /# Description and Targets are refused.*$/m,
        'Description: "Processes Stripe events"\n            Targets: []',
      );
    const found = audit(pasted).findings.filter((finding) => finding.id === 'audit.unknown-property');
    expect(found.map((finding) => finding.actual)).toEqual(['Throttle', 'Description', 'Targets']);
    const { after, text } = mend(pasted);
    expect(idsOf(after)).not.toContain('audit.unknown-property');
    expect(text).toContain('ThrottlingBurstLimit: 100');
    expect(text).toContain('ThrottlingRateLimit: 50');
  });

  it('is left with what a person must decide', () => {
    expect(idsOf(mend(read(BEFORE)).after)).toEqual([
      'alarm.actions',
      'eventbridge.pattern',
      'eventbridge.rule-description',
      'function.concurrency',
      'function.role',
      'function.secrets',
    ]);
  });
});

describe('our own template', () => {
  it('has nothing wrong with it, and comes back byte for byte', () => {
    const text = read('infra/template.yaml');
    const made = mend(text, 'infra/template.yaml');
    expect(made.before.findings).toEqual([]);
    expect(made.before.path.rules).toEqual(['StripeEventRule']);
    expect(made.text).toBe(text);
  });
});
