import { describe, expect, it } from 'vitest';
import { renderDestroy } from '../../src/cli/destroy/render-report.js';
import { renderSetup } from '../../src/cli/setup/render-report.js';
import { renderChanges } from '../../src/cli/shared/render-changes.js';
import type { Change } from '../../src/core/check.js';
import type { Finding } from '../../src/core/finding.js';
import { rootsFirst } from '../../src/core/roots-first.js';
import type { SetupResult } from '../../src/setup/setup.js';
import { Canvas, columns } from '../../src/terminal/canvas.js';
import { renderError } from '../../src/terminal/errors.js';
import { renderFindings } from '../../src/terminal/findings.js';
import { renderTrace } from '../../src/terminal/hop-table.js';
import { renderPipeline } from '../../src/terminal/pipeline.js';
import { fc } from '../support/property-tests.js';

const plain = new Canvas({ colour: false, unicode: true, width: 80 });
const ascii = new Canvas({ colour: false, unicode: false, width: 80 });
const coloured = new Canvas({ colour: true, unicode: true, width: 80 });

const finding = (given: Partial<Finding>): Finding => ({
  id: 'stripe.destination',
  title: 'One EventBridge destination exists',
  area: 'stripe',
  severity: 'fail',
  item: 12,
  outcome: 'pass',
  summary: 'ed_1 exists.',
  expected: null,
  actual: null,
  evidence: [],
  remedy: null,
  muted: null,
  durationMs: 3,
  ...given,
});

const FAILED = finding({
  id: 'eventbridge.rule-bus',
  title: 'The rule stands on the partner bus',
  area: 'eventbridge',
  outcome: 'fail',
  summary:
    'The rule stands on the default bus, where no event of Stripe ever arrives, so that it matches nothing.',
  expected: 'aws.partner/stripe.com/ed_1',
  actual: 'default',
  evidence: [
    { label: 'rule', value: 'cachao-dev-checkout', url: 'https://console.aws.amazon.com/events/rule' },
  ],
  remedy: {
    text: 'Deploy the stack, which puts the rule on the right bus.',
    commands: ['cachao deploy --stage dev'],
    fixable: true,
  },
});

describe('findings', () => {
  it('what is wrong comes last and in full, the healthy ones are folded into a line', () => {
    const findings = [
      finding({}),
      finding({ id: 'stripe.webhook', outcome: 'skipped', summary: 'no webhook' }),
      FAILED,
      finding({
        id: 'queue.empty',
        area: 'queue',
        title: 'No message waits',
        outcome: 'unknown',
        summary: 'Access denied.',
      }),
      finding({
        id: 'alarm.actions',
        area: 'alarm',
        outcome: 'warn',
        muted: { reason: 'no mail', until: null },
      }),
    ];
    expect(renderFindings(findings, plain)).toMatchInlineSnapshot(`
      "✔  Healthy: Stripe 1
      ○  Skipped: Stripe 1

      ▲  One EventBridge destination exists (warning) alarm.actions [muted: no mail]
          ed_1 exists.

      ?  could not check queue.empty: Access denied.
          must hold  No message waits

      ✖  FAILED eventbridge.rule-bus: The rule stands on the default bus, where no
         event of Stripe ever arrives, so that it matches nothing.
          must hold  The rule stands on the partner bus
          expected   aws.partner/stripe.com/ed_1
          actual     default
          rule       cachao-dev-checkout
                     https://console.aws.amazon.com/events/rule
          → Deploy the stack, which puts the rule on the right bus.
              cachao deploy --stage dev
            cachao setup does this.

      1 failed, 1 could not be checked, 1 healthy, 1 skipped, 1 muted."
    `);
  });

  it('verbose shows each one', () => {
    const text = renderFindings([finding({}), finding({ id: 'stripe.webhook', outcome: 'skipped' })], plain, {
      verbose: true,
    });
    expect(text).toMatchInlineSnapshot(`
      "✔  One EventBridge destination exists stripe.destination
      ○  One EventBridge destination exists (skipped: ed_1 exists.) stripe.webhook

      1 healthy, 1 skipped."
    `);
  });
});

describe('what failed', () => {
  it('is told causes first: what stops others, then how it is set up, then how it has been going', () => {
    const failed = (id: string) => finding({ id, outcome: 'fail' });
    const blocked = finding({ outcome: 'skipped', summary: 'database.schema failed' });
    const findings = [
      failed('function.errors'),
      failed('queue.empty'),
      failed('log.retention'),
      failed('database.schema'),
      blocked,
      finding({ outcome: 'fail', id: 'stripe.webhook', muted: { reason: 'known', until: null } }),
    ];
    const operational = new Set(['function.errors', 'queue.empty']);
    expect(rootsFirst(findings, operational).map(({ id }) => id)).toEqual([
      'database.schema',
      'log.retention',
      'function.errors',
      'queue.empty',
    ]);
  });
});

describe('changes', () => {
  it('read like a diff', () => {
    const changes: Change[] = [
      {
        check: 'stripe.destination',
        action: 'create',
        resource: 'Stripe event destination',
        name: '(known after apply)',
        details: ['enabled_events: checkout.session.completed, checkout.session.expired'],
      },
      {
        check: 'stack.current',
        action: 'update',
        resource: 'stack',
        name: 'cachao-dev',
        details: ['EventHandler: Code'],
      },
      {
        check: 'stack.current',
        action: 'replace',
        resource: 'queue',
        name: 'cachao-dev-dlq',
        details: [],
        url: 'https://console.aws.amazon.com/sqs',
      },
      {
        check: 'stripe.webhook-stale',
        action: 'delete',
        resource: 'webhook endpoint',
        name: 'we_1',
        details: [],
      },
    ];
    expect(renderChanges(changes, plain)).toMatchInlineSnapshot(`
      "+   Stripe event destination (known after apply)
            enabled_events: checkout.session.completed, checkout.session.expired
      ~   stack cachao-dev
            EventHandler: Code
      ±   queue cachao-dev-dlq REPLACED
            https://console.aws.amazon.com/sqs
      -   webhook endpoint we_1 DELETED

      1 to create, 1 to update, 1 to replace, 1 to delete."
    `);
    expect(renderChanges([], plain)).toBe('Nothing to change.');
  });
});

describe('an error', () => {
  it('says what, why, what next, and its code', () => {
    const error = {
      code: 'STRIPE_KEY_MODE',
      message: 'The key sk_live_…abcd is a live key, and stage dev takes no real money.',
      why: 'A test checkout with it would charge a card.',
      next: ['Set STRIPE_API_KEY to a test key.', 'Or name the live stage: cachao setup --stage prod'],
    };
    expect(renderError(error, plain)).toMatchInlineSnapshot(`
      "✖ Error  The key sk_live_…abcd is a live key, and stage dev takes no real money.

         A test checkout with it would charge a card.

         What to do
         • Set STRIPE_API_KEY to a test key.
         • Or name the live stage: cachao setup --stage prod

         Code: STRIPE_KEY_MODE (more: cachao explain STRIPE_KEY_MODE)"
    `);
  });
});

const PATH = [
  { label: 'Stripe', detail: 'acct_1 (test)', outcome: 'pass' as const },
  { label: 'Event destination', detail: 'ed_test_1 enabled', outcome: 'pass' as const },
  { label: 'Event bus', detail: 'aws.partner/stripe.com/ed_test_1', outcome: 'fail' as const },
  {
    label: 'Rule',
    detail: 'cachao-dev-checkout',
    outcome: 'skipped' as const,
    beside: [
      { label: 'Delivery failures', detail: 'empty', outcome: 'pass' as const },
      { label: 'Alarm', detail: 'pending confirmation', outcome: 'warn' as const },
    ],
  },
  {
    label: 'Database',
    detail: 'shop on db.example.com, reached from the function in 12 ms, with its own tables current',
    outcome: 'pass' as const,
  },
];

describe('the payment path', () => {
  it('is drawn from top to bottom, broken where it is broken', () => {
    expect(renderPipeline({ hops: PATH, webhook: PATH.slice(0, 1) }, plain)).toMatchInlineSnapshot(`
      "✔  Stripe                acct_1 (test)
      ↓
      ✔  Event destination     ed_test_1 enabled
      ×
      ✖  Event bus             FAILED: aws.partner/stripe.com/ed_test_1
      ×
      ○  Rule                  skipped: cachao-dev-checkout
      ├─ ✔  Delivery failures  empty
      ├─ ▲  Alarm              pending confirmation
      ↓
      ✔  Database              shop on db.example.com, reached from the function in 1…

      and the webhook beside it:
      ✔  Stripe                acct_1 (test)"
    `);
  });

  it('needs no more than ASCII', () => {
    const text = renderPipeline({ hops: PATH }, ascii);
    expect(text).toMatchInlineSnapshot(`
      "ok Stripe                acct_1 (test)
      v
      ok Event destination     ed_test_1 enabled
      x
      x  Event bus             FAILED: aws.partner/stripe.com/ed_test_1
      x
      -  Rule                  skipped: cachao-dev-checkout
      |- ok Delivery failures  empty
      |- !  Alarm              pending confirmation
      v
      ok Database              shop on db.example.com, reached from the function in..."
    `);
    expect(text).toMatch(/^[\x20-\x7e\n]*$/);
  });
});

describe('a trace', () => {
  it('counts from the first hop and marks what is inferred', () => {
    const hops = [
      {
        label: 'Stripe',
        detail: 'evt_1 checkout.session.completed',
        outcome: 'reached' as const,
        at: 1000,
        inferred: false,
      },
      { label: 'EventBridge', detail: '', outcome: 'reached' as const, at: 1234, inferred: true },
      {
        label: 'Lambda function',
        detail: 'request 5f2a',
        outcome: 'failed' as const,
        at: 2500,
        inferred: false,
      },
      { label: 'Database', detail: '', outcome: 'not-reached' as const, at: null, inferred: false },
    ];
    expect(renderTrace(hops, plain)).toMatchInlineSnapshot(`
      "✔     +0 ms  Stripe           evt_1 checkout.session.completed
      ✔  ~+234 ms  EventBridge
      ✖  +1500 ms  Lambda function  failed: request 5f2a
      ○            Database         not reached

      ~ not recorded there, follows from what came before and after"
    `);
  });
});

describe('a set-up that was not finished', () => {
  const CHANGE: Change = {
    check: 'eventbridge.bus',
    action: 'create',
    resource: 'event bus',
    name: 'aws.partner/stripe.com/ed_1',
    details: [],
  };
  const ended = (outcome: SetupResult['outcome'], changes: Change[], findings: Finding[] = []) =>
    renderSetup(
      { outcome, exitCode: 1, findings, changes, forPerson: [], checkout: null, error: null },
      plain,
      { stage: 'dev', local: false, cost: null, again: 'cachao setup --stage dev --no-webhook' },
    );

  it('says that nothing was changed only when nothing was', () => {
    expect(ended('declined', [])).toBe('Declined: nothing was changed.');
    expect(ended('declined', [CHANGE])).toBe('Declined. 1 change was made and stands.');
  });

  it('names something to put right only when there is something', () => {
    expect(ended('interrupted', [CHANGE])).toMatch(
      /made. Run it\s+again; it\s+continues\s+from\s+here:\n {2}cachao setup --stage dev --no-webhook$/,
    );
    expect(ended('problem', [], [FAILED])).toMatch(/When\s+the\s+above\s+is\s+fixed,\s+run\s+it\s+again/);
  });
});

describe('any text', () => {
  // biome-ignore lint/suspicious/noControlCharactersInRegex: these are the control sequences
  const withoutColour = (text: string): string => text.replace(/\u001b\[[0-9;]*m/g, '');

  it('means the same with and without colour', () => {
    const findings = [FAILED, finding({})];
    expect(withoutColour(renderFindings(findings, coloured))).toBe(renderFindings(findings, plain));
    expect(withoutColour(renderPipeline({ hops: PATH }, coloured))).toBe(
      renderPipeline({ hops: PATH }, plain),
    );
  });

  it('fits the width, but for single words that are longer, which stay whole', () => {
    const word = fc.stringMatching(/^[a-z0-9_./-]{1,30}$/);
    const sentence = fc.array(word, { minLength: 1, maxLength: 40 }).map((words) => words.join(' '));
    const width = fc.integer({ min: 40, max: 120 });
    fc.assert(
      fc.property(sentence, sentence, sentence, width, (summary, expected, text, columnsWide) => {
        const canvas = new Canvas({ colour: true, unicode: true, width: columnsWide });
        const remedy = { text, commands: [], fixable: false };
        const rendered = renderFindings([{ ...FAILED, summary, expected, remedy, evidence: [] }], canvas);
        for (const line of rendered.split('\n'))
          expect(columns(line) <= columnsWide || line.trim().split(' ').filter(Boolean).length <= 3).toBe(
            true,
          );
        const words = (given: string) => given.split(' ').filter(Boolean);
        for (const one of words(summary)) expect(rendered).toContain(one);
      }),
    );
  });

  it('the path fits the width whatever its details are', () => {
    fc.assert(
      fc.property(fc.string(), fc.integer({ min: 40, max: 120 }), (detail, width) => {
        const canvas = new Canvas({ colour: false, unicode: true, width });
        const hops = PATH.map((hop) => ({ ...hop, detail: detail.replaceAll('\n', ' ') }));
        for (const line of renderPipeline({ hops }, canvas).split('\n'))
          expect(columns(line)).toBeLessThanOrEqual(width);
      }),
    );
  });
});

describe('a stage that was taken away', () => {
  const change: Change = {
    check: 'stack.healthy',
    action: 'delete',
    resource: 'stack',
    name: 's',
    details: [],
  };
  const kept = (resource: string) => ({ resource, name: 'n', reason: 'data' as const, why: 'it holds data' });
  const told = (outcome: 'changed' | 'planned', resources: string[], file: string | null = null) =>
    renderDestroy(
      { outcome, exitCode: 0, changes: [change], kept: resources.map(kept), remaining: [], error: null },
      plain,
      { stage: 'dev', file },
    ).replace(/\s+/g, ' ');

  it('offers --delete-data for what it can still take away, and says what it cannot', () => {
    expect(told('planned', ['ledger tables'])).toContain('cachao destroy --stage dev --delete-data');
    expect(told('changed', ['queue'])).toContain('cachao destroy --stage dev --delete-data');
    expect(told('changed', ['queue'])).not.toContain('ledger tables stay');
    expect(told('changed', ['ledger tables'])).not.toContain('--delete-data');
    expect(told('changed', ['ledger tables', 'queue'])).toContain('The ledger tables stay in the database');
  });

  it('is named where the configuration still has it', () => {
    expect(told('changed', [], '/shop/cachao.config.json')).toContain(
      '/shop/cachao.config.json still has stage dev: take it out there',
    );
    expect(told('planned', [], '/shop/cachao.config.json')).not.toContain('still has stage');
  });
});
