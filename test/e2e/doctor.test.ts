import fs from 'node:fs';
import path from 'node:path';
import { DisableRuleCommand, EnableRuleCommand, EventBridgeClient } from '@aws-sdk/client-eventbridge';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { CONFIG_FILE } from './support/saved-world.js';
import { type SetUp, setUp } from './support/set-up.js';
import { stripeOf } from './support/world.js';

/** Enough where the rule is what is broken: everything else is looked at in the tests of a healthy set-up and of repairs. */
const BUS = ['doctor', '--only', 'eventbridge'];

/** The clouds stand in this process and the CLI in another: it knows them only by their addresses. */
describe('cachao doctor', () => {
  let stage: SetUp;
  beforeAll(async () => {
    stage = await setUp();
  });
  afterAll(() => stage?.close());

  const events = () => new EventBridgeClient(stage.cloud.client);
  const rule = () => ({ Name: stage.outputs.RuleName, EventBusName: stage.outputs.EventBusName });
  const disableRule = () => events().send(new DisableRuleCommand(rule()));
  afterEach(() => events().send(new EnableRuleCommand(rule())));

  const configFile = () => path.join(stage.cwd, CONFIG_FILE);
  /** The configuration changed for the length of one test. */
  async function configured<T>(change: object, work: () => Promise<T>): Promise<T> {
    const before = fs.readFileSync(configFile(), 'utf8');
    fs.writeFileSync(configFile(), JSON.stringify({ ...JSON.parse(before), ...change }));
    try {
      return await work();
    } finally {
      fs.writeFileSync(configFile(), before);
    }
  }

  it('finds nothing wrong with a healthy set-up, draws the path, and exits 0', async () => {
    const doctor = await stage.run(['doctor']);
    for (const word of ['Stage dev, test mode', 'Event bus', 'Rule', 'Function', 'Orders database', 'Alarms'])
      expect(doctor.stdout).toContain(word);
    expect(doctor.stdout).not.toContain('FAILED');
    expect(doctor.code).toBe(0);
  });

  it('says of a broken hop what is wrong before anything else, and how it is repaired', async () => {
    await disableRule();
    const { code, stdout } = await stage.run(['doctor']);
    expect(code).toBe(1);
    expect(stdout.split('\n').find((line) => line.includes('Rule '))).toMatch(/FAILED: .* is DISABLED/);
    expect(stdout.indexOf('eventbridge.rule-enabled')).toBeLessThan(stdout.indexOf('healthy'));
    expect(stdout).toContain('cachao doctor --fix');
  });

  it('names in its document what is deployed, and the flags it was started with in its commands', async () => {
    await disableRule();
    const { code, report } = await stage.report(['doctor', '--stage', 'dev']);
    expect(code).toBe(1);
    expect(report).toMatchObject({ outcome: 'problem', exitCode: 1, stage: 'dev' });
    const finding = report.findings.find(({ id }) => id === 'eventbridge.rule-enabled');
    expect(finding?.remedy).toMatchObject({
      commands: ['cachao doctor --fix --stage dev', 'cachao reconcile --stage dev'],
      fixable: true,
    });
  });

  describe('--only and --skip', () => {
    it('look at what was chosen and what it needs, and report on what was chosen', async () => {
      const { report } = await stage.report(['doctor', '--only', 'eventbridge.rule-enabled,log']);
      expect(report.findings.map(({ id }) => id).sort()).toEqual([
        'eventbridge.rule-enabled',
        'log.retention',
      ]);
      expect(report.alsoInspected).toContain('account.aws-identity');
      const skipped = await stage.report(['doctor', '--skip', 'stripe,api', '--skip', 'delivery']);
      const areas = new Set(skipped.report.findings.map(({ id }) => id.split('.')[0]));
      for (const area of ['stripe', 'api', 'delivery']) expect(areas).not.toContain(area);
      expect(areas).toContain('eventbridge');
    });

    it('show what stands in the way of the chosen ones, and count it', async () => {
      const { code, report } = await stage.report(['doctor', '--only', 'eventbridge.rule-enabled'], {
        environment: { AWS_ENDPOINT_URL: 'http://127.0.0.1:9' },
      });
      expect(code).toBe(3);
      expect(report.findings.map(({ id, outcome }) => [id, outcome])).toEqual([
        ['account.aws-identity', 'unknown'],
        ['eventbridge.rule-enabled', 'skipped'],
      ]);
    });

    it('answer a mistyped name with the nearest ones, before anything is called', async () => {
      const { code, report } = await stage.report(['doctor', '--only', 'eventbridge.rule-enable']);
      expect(code).toBe(2);
      expect(report.error).toMatchObject({ code: 'CHECK_UNKNOWN' });
      expect(report.error?.message).toContain('eventbridge.rule-enabled');
      expect(report.findings).toEqual([]);
      const nothing = await stage.report(['doctor', '--only', 'log', '--skip', 'log.retention']);
      expect([nothing.code, nothing.report.error?.code]).toEqual([2, 'NOTHING_TO_CHECK']);
    });
  });

  describe('mutes', () => {
    const muted = (until: string) => ({
      mute: [{ check: 'eventbridge.rule-enabled', reason: 'moving to another bus', until }],
    });

    it('keep a finding from counting until their day is over; it stays visible', async () => {
      await disableRule();
      await configured(muted('2999-12-31'), async () => {
        const { code, report } = await stage.report(BUS);
        expect(code).toBe(0);
        expect(report.findings.find(({ id }) => id === 'eventbridge.rule-enabled')).toMatchObject({
          outcome: 'fail',
          muted: { reason: 'moving to another bus', until: '2999-12-31' },
        });
        const shown = (await stage.run(BUS)).stdout.replace(/\s+/g, ' ');
        expect(shown).toContain('muted until 2999-12-31: moving to another bus');
      });
    });

    it('that are over count again, and are named', async () => {
      await disableRule();
      await configured(muted('2020-01-01'), async () => {
        const { code, report } = await stage.report(BUS);
        expect(code).toBe(1);
        const finding = report.findings.find(({ id }) => id === 'eventbridge.rule-enabled');
        expect(finding?.muted).toBeNull();
        expect(finding?.evidence).toContainEqual({
          label: 'was muted',
          value: 'until 2020-01-01: moving to another bus',
        });
      });
    });

    it('are left as they are by a repair', async () => {
      await disableRule();
      await configured(muted('2999-12-31'), async () => {
        const { code, report } = await stage.report([...BUS, '--fix', '--yes']);
        expect([code, report.outcome, report.changes]).toEqual([0, 'unchanged', []]);
      });
    });

    it('of no check are told of', async () => {
      await configured({ mute: [{ check: 'eventbridge.rul', reason: 'x' }] }, async () => {
        expect((await stage.run(['doctor', '--only', 'log'])).stderr).toContain('mutes "eventbridge.rul"');
      });
    });
  });

  describe('--fix', () => {
    it('shows its plan and changes nothing in a dry run', async () => {
      await disableRule();
      const { code, report } = await stage.report([...BUS, '--fix', '--dry-run']);
      expect([code, report.outcome]).toEqual([1, 'planned']);
      expect(report.changes).toMatchObject([{ check: 'eventbridge.rule-enabled', action: 'update' }]);
      expect((await stage.report(BUS)).code).toBe(1);
    });

    it('asks, and where nobody can be asked ends with 4 and everything it found', async () => {
      await disableRule();
      const { code, report, stderr } = await stage.report([...BUS, '--fix']);
      expect([code, report.outcome, report.error?.code]).toEqual([4, 'error', 'ANSWERS_NEEDED']);
      expect(report.error?.next.join()).toContain('--yes');
      expect(report.findings.find(({ id }) => id === 'eventbridge.rule-enabled')?.outcome).toBe('fail');
      expect(report.changes).toEqual([]);
      expect(stderr).toContain('DISABLED -> ENABLED');
    });

    it('repairs, looks again, and says what it changed', async () => {
      await disableRule();
      const { code, report } = await stage.report(['doctor', '--fix', '--yes']);
      expect([code, report.outcome]).toEqual([0, 'changed']);
      expect(report.changes.map(({ check }) => check)).toEqual(['eventbridge.rule-enabled']);
      expect(report.findings.find(({ id }) => id === 'eventbridge.rule-enabled')?.outcome).toBe('pass');
      const again = await stage.report(['doctor', '--fix', '--yes']);
      expect([again.code, again.report.outcome, again.report.changes]).toEqual([0, 'unchanged', []]);
    });

    it('repairs what was chosen and nothing else', async () => {
      await disableRule();
      const { code, report } = await stage.report(['doctor', '--fix', '--yes', '--only', 'log']);
      expect([code, report.changes]).toEqual([0, []]);
      expect((await stage.report(['doctor', '--only', 'eventbridge.rule-enabled'])).code).toBe(1);
    });

    it('deploys nothing beside somebody else who handles the same payments', async () => {
      const stripe = stripeOf(stage.cloud);
      const enabled_events = ['checkout.session.completed' as const];
      const theirs = await stripe.webhookEndpoints.create({
        url: 'https://shop.example.com/stripe',
        enabled_events,
      });
      const { code, report } = await stage.report(['doctor', '--fix', '--yes', '--only', 'stack.current'], {
        environment: { CACHAO_THROTTLE_RATE: '7' },
      });
      await stripe.webhookEndpoints.del(theirs.id);
      expect([code, report.changes]).toEqual([1, []]);
      expect(report.findings.map(({ id, outcome }) => [id, outcome])).toEqual([
        ['delivery.single-handler', 'fail'],
        ['stack.current', 'warn'],
      ]);
    });

    it('sets nothing up where nothing is: that is what setup asks questions for', async () => {
      const elsewhere = { environment: { AWS_REGION: 'us-east-1', AWS_DEFAULT_REGION: 'us-east-1' } };
      const { code, report } = await stage.report(['doctor', '--fix', '--yes'], elsewhere);
      expect([code, report.error?.code, report.changes]).toEqual([1, 'NOT_SET_UP', []]);
      const looked = await stage.report(['doctor'], elsewhere);
      const destination = looked.report.findings.find(({ id }) => id === 'stripe.destination');
      expect(destination?.remedy?.commands).toEqual(['cachao setup --stage dev']);
    });
  });

  it('--end-to-end proves every path with a test checkout, and names the dead one', async () => {
    const { code, report } = await stage.report(['doctor', '--end-to-end', '--only', 'delivery.end-to-end']);
    expect(code).toBe(0);
    expect(report.findings).toMatchObject([{ id: 'delivery.end-to-end', outcome: 'pass' }]);
    expect(report.checkout?.paths.map(({ via }) => via)).toEqual(['eventbridge', 'webhook']);
    await disableRule();
    const dead = await stage.report([
      ...['doctor', '--end-to-end', '--only', 'delivery.end-to-end', '--checkout-timeout', '2'],
    ]);
    expect(dead.code).toBe(1);
    const finding = dead.report.findings.find(({ id }) => id === 'delivery.end-to-end');
    expect(finding?.summary).toContain('eventbridge did not deliver');
  });

  it('--all-stages tells every stage in one document, also one that cannot be looked at', async () => {
    const { stages } = JSON.parse(fs.readFileSync(configFile(), 'utf8'));
    await configured({ stages: { ...stages, other: { region: 'eu-west-9', mode: 'live' } } }, async () => {
      const { code, report } = await stage.report([...BUS, '--all-stages'], {
        environment: { AWS_REGION: undefined },
      });
      expect(report.stages?.map(({ stage: name, exitCode }) => [name, exitCode])).toEqual([
        ['dev', 0],
        ['other', expect.any(Number)],
      ]);
      expect(code).not.toBe(0);
      expect(report.findings).toHaveLength(
        report.stages?.reduce((sum, { findings }) => sum + findings.length, 0) ?? -1,
      );
    });
    // One that was destroyed, or never set up, is no failure of the others.
    const gone = { region: 'eu-west-1', stack: { name: 'cachao-gone', managed: true } };
    await configured({ stages: { ...stages, gone } }, async () => {
      const { code, report } = await stage.report([...BUS, '--all-stages']);
      expect([code, report.stages?.map(({ stage: name, exitCode }) => [name, exitCode])]).toEqual([
        0,
        [
          ['dev', 0],
          ['gone', 0],
        ],
      ]);
      const { stdout } = await stage.run([...BUS, '--all-stages']);
      expect(stdout).toContain(
        'Nothing of stage gone is set up in eu-west-1. It does not count as a problem.',
      );
      expect(stdout).toContain('delete "gone" below "stages"');
      expect((await stage.report(['doctor', '--all-stages', '--strict'])).code).toBe(1);
      // Asked for by itself it fails.
      expect((await stage.report(['doctor', '--stage', 'gone'])).code).toBe(1);
    });
    const conflict = await stage.report(['doctor', '--all-stages', '--stage', 'dev']);
    expect([conflict.code, conflict.report.error?.code]).toEqual([2, 'FLAG_CONFLICT']);
  });

  it('--list-checks and --explain need no account, no network and no configuration', async () => {
    const environment = { AWS_ENDPOINT_URL: 'http://127.0.0.1:9', STRIPE_API_KEY: undefined };
    const all = await stage.report(['doctor', '--list-checks'], { environment });
    expect(all.code).toBe(0);
    expect(all.report.checks?.map(({ id }) => id)).toContain('delivery.end-to-end');
    const one = await stage.run(['doctor', '--explain', 'eventbridge.pattern'], { environment });
    expect(one.stdout).toContain('events:TestEventPattern');
    const said = async (id: string) =>
      (await stage.run(['doctor', '--explain', id], { environment })).stdout.replace(/\s+/g, ' ');
    expect(await said('alarm.actions')).toMatch(
      /fails \(exit 1\); warns \(exit 0, with --strict 1\) when .* no address was chosen .*by cachao doctor --fix, but not what a person has to do/,
    );
    expect(await said('stripe.destination-enabled')).toMatch(
      /when not fails \(exit 1\) unseen exit 3 repaired by cachao doctor --fix needs/,
    );
    const wrong = await stage.report(['doctor', '--explain', 'pattern'], { environment });
    expect([wrong.code, wrong.report.error?.message]).toEqual([
      2,
      expect.stringContaining('eventbridge.pattern'),
    ]);
  });

  it('--format writes what a machine waits for, in every outcome', async () => {
    await disableRule();
    const written = async (format: string, ...args: string[]) => {
      const { code, stdout } = await stage.run(['doctor', '--format', format, ...args]);
      return { code, text: stdout };
    };
    const sarif = await written('sarif', '--only', 'eventbridge');
    expect(sarif.code).toBe(1);
    expect(JSON.parse(sarif.text).runs[0].results.map(({ ruleId }: { ruleId: string }) => ruleId)).toContain(
      'eventbridge.rule-enabled',
    );
    const json = await written('json', '--only', 'log');
    expect(JSON.parse(json.text)).toMatchObject({ command: 'doctor', exitCode: 0 });
    const junit = await written('junit', '--only', 'eventbridge');
    expect(junit.text).toMatch(/^<\?xml .*<failure message="[^"]* is DISABLED"/s);
    const markdown = await written('markdown', '--only', 'eventbridge');
    expect(markdown.text).toMatch(/^## ❌ cachao doctor: dev.*❌ Rule/s);
    const unknown = await written('sarif', '--stage', 'nowhere');
    expect(unknown.code).toBe(2);
    expect(JSON.parse(unknown.text).runs[0].invocations[0]).toMatchObject({ exitCode: 2 });
  });

  it('--since takes durations within what Stripe keeps, and nothing else', async () => {
    expect((await stage.report(['doctor', '--since', '90m', '--only', 'delivery'])).code).toBe(0);
    for (const wrong of ['31d', '0h', 'yesterday']) {
      const { code, report } = await stage.report(['doctor', '--since', wrong]);
      expect([code, report.error?.code]).toEqual([2, 'FLAG_INVALID']);
    }
  });

  it('--strict makes warnings count', async () => {
    const lenient = await stage.report(['doctor']);
    expect(lenient.report.findings.some(({ outcome }) => outcome === 'warn')).toBe(true);
    expect(lenient.code).toBe(0);
    expect((await stage.report(['doctor', '--strict'])).code).toBe(1);
  });

  it('--watch writes what changes, and ends with Ctrl-C and the last state', async () => {
    let said = '';
    const watching = stage.run(['doctor', '--watch', '--interval', '1s', '--only', 'eventbridge'], {
      started: (child) => {
        child.stdout?.on('data', async (chunk) => {
          const before = said;
          said += chunk;
          if (!before.includes('healthy') && said.includes('healthy')) await disableRule();
          if (!before.includes('DISABLED') && said.includes('DISABLED')) child.kill('SIGINT');
        });
      },
    });
    const { code, stdout, stderr } = await watching;
    expect(stdout).toMatch(/eventbridge\.rule-enabled: ok -> FAILED: .* is DISABLED/);
    expect(stderr).not.toContain('Error');
    expect(code).toBe(1);
    const json = await stage.report(['doctor', '--watch']);
    expect([json.code, json.report.error?.code]).toEqual([2, 'FLAG_CONFLICT']);
  });
});
