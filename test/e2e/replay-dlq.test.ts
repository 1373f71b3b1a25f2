import { readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import {
  GetEventSourceMappingCommand,
  LambdaClient,
  ListEventSourceMappingsCommand,
  UpdateEventSourceMappingCommand,
} from '@aws-sdk/client-lambda';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { destinationRecord, Shop } from '../replay/support/shop.js';
import { type SavedStage, Stage, saveStage } from '../replay/support/stage.js';
import { cachao } from './support/cli.js';
import { environmentFor } from './support/clouds.js';
import { schemaErrors } from './support/schema.js';

describe('cachao replay-dlq', () => {
  let saved: SavedStage;
  let stage: Stage;
  let shop: Shop;
  beforeAll(async () => {
    saved = await saveStage();
    stage = await Stage.open(saved);
    shop = await Shop.open(stage);
  });
  afterEach(() => {
    stage.cloud.cloud.faults.set([]);
    shop.empty();
  });
  afterAll(async () => {
    await stage?.close();
    await saved?.remove();
  });

  const json = async (...args: string[]) => {
    const { code, stdout, stderr } = await stage.run('replay-dlq', '--json', ...args);
    const report = JSON.parse(stdout);
    expect([schemaErrors(report), stderr.includes('DEFECT')]).toEqual([[], false]);
    expect(report.exitCode).toBe(code);
    return report;
  };

  it('plans what the same run would do: the filter before the maximum, and the engine that was asked for', async () => {
    const sales = [await shop.sell(), await shop.sell(), await shop.sell()];
    for (const { envelope } of sales) shop.lose(envelope);
    shop.lose('hello');
    const [, , last] = sales;
    const planned = await json('--dry-run', '--order', last?.orderId ?? '', '--max', '1');
    expect(planned.messages).toEqual([expect.objectContaining({ orderId: last?.orderId, would: 'deliver' })]);
    expect((await json('--list', '--max', '2')).messages).toHaveLength(2);
    // The words that a dry run prints can be asked for.
    for (const mode of ['--list', '--dry-run'])
      expect((await json(mode, '--error', 'unreadable')).messages).toEqual([
        expect.objectContaining({ content: 'unreadable' }),
      ]);
    const drained = await json('--dry-run', '--engine', 'lambda');
    const fates = drained.messages.map(({ would, handler }: { would: string; handler: string }) => [
      would,
      handler,
    ]);
    expect(fates.sort()).toEqual([
      ['deliver', 'the drain'],
      ['deliver', 'the drain'],
      ['deliver', 'the drain'],
      ['quarantine', null],
    ]);
    expect((await json('--dry-run', '--engine', 'lambda', '--max', '1')).error.code).toBe('FLAG_CONFLICT');
    // What nothing matches is not told to be "the rest".
    const { stdout } = await stage.run('replay-dlq', '--yes', '--order', '987654');
    expect(stdout.replace(/\s+/g, ' ')).toContain(
      'No message is what was asked for. See what waits: cachao replay-dlq --list',
    );
    expect(await shop.waiting()).toEqual({ visible: 4, inFlight: 0 });
    const quarantined = await json('--yes', '--error', 'UNREADABLE', '--quarantine', 'unreadable');
    expect(quarantined.replay.counts).toMatchObject({ quarantined: 1, processed: 0, 'passed-over': 3 });
    expect(await shop.waiting()).toEqual({ visible: 3, inFlight: 0 });
  });

  it('lists, shows and plans without changing anything but receive counts, and says so', async () => {
    const sale = await shop.sell();
    shop.lose(sale.envelope);
    shop.lose('hello');
    for (let time = 1; time <= 2; time++) {
      const list = await json('--list');
      expect(list).toMatchObject({ exitCode: 1, outcome: 'problem', looked: 2, more: false, elsewhere: 0 });
      expect(list.messages).toHaveLength(2);
      const entry = list.messages.find((one: { orderId: string }) => one.orderId === sale.orderId);
      expect(entry).toMatchObject({
        eventId: sale.event.id,
        eventType: sale.event.type,
        reason: 'NO_PERMISSIONS',
        receiveCount: time,
        purpose: 'delivery',
      });
      expect(Date.parse(entry.lostAt) - Date.parse(entry.sentAt)).toBe(14 * 86_400_000);
      expect(await shop.waiting()).toEqual({ visible: 2, inFlight: 0 });
    }
    const plan = await json('--dry-run');
    expect(plan.outcome).toBe('planned');
    expect(plan.messages.map((one: { would: string }) => one.would).sort()).toEqual(['deliver', 'refuse']);
    const { message } = await json('--show', sale.event.id);
    expect(message).toMatchObject({ eventId: sale.event.id, would: 'deliver', amountTotal: 2500 });
    expect(JSON.stringify(message)).not.toContain('@');
    const text = await stage.run('replay-dlq', '--list');
    expect(text.stdout).toContain('Looking changed nothing but the receive counts');
    // What lies in the stage is repaired before anything is delivered again.
    const [first, ...more] = text.stdout.slice(text.stdout.indexOf('Next:')).match(/cachao [^\n]+/g) ?? [];
    expect(first).toMatch(/^cachao doctor --fix .*\(NO_PERMISSIONS\)/);
    expect(more.at(-1)).toMatch(/^cachao replay-dlq --stage dev +deliver them/);
    const none = await stage.run('replay-dlq', '--list', '--order', '987654');
    expect(none.stdout).toContain('None of the 2 messages in the dead-letter queues of stage dev');
    expect(await shop.statusOf(sale.orderId)).toBe('pending');
    expect(await shop.waiting()).toEqual({ visible: 2, inFlight: 0 });
  });

  it('says of empty queues that they are empty, and not that something was given back', async () => {
    for (const mode of ['--list', '--dry-run']) {
      const { code, stdout } = await stage.run('replay-dlq', mode);
      expect(code).toBe(0);
      expect(stdout).toMatch(/^\S+ The dead-letter queues of stage dev \(stack \S+\) are empty\./);
      expect(stdout).not.toMatch(/is back in its queue|Next:/);
    }
  });

  it('asks before it delivers, tells all, journals each fate, and has nothing to do the second time', async () => {
    const sales = await Promise.all([shop.sell(), shop.sell()]);
    for (const { envelope } of sales) shop.lose(envelope);
    expect(await json()).toMatchObject({ exitCode: 4, error: { code: 'ANSWERS_NEEDED' } });
    const run = await json('--yes', '--journal', 'fates.jsonl');
    expect(run).toMatchObject({ exitCode: 0, outcome: 'changed', replay: { remaining: 0, cause: null } });
    expect(run.replay.counts).toMatchObject({ processed: 2 });
    const lines = readFileSync(path.join(stage.directory, 'fates.jsonl'), 'utf8')
      .trim()
      .split('\n')
      .map((line) => JSON.parse(line));
    expect(
      lines
        .filter(({ fate }) => fate === 'processed')
        .map(({ eventId }) => eventId)
        .sort(),
    ).toEqual(sales.map(({ event }) => event.id).sort());
    expect(await json('--yes')).toMatchObject({ exitCode: 0, outcome: 'unchanged', replay: null });
  });

  it('heeds filters and the maximum, and leaves the rest where it is', async () => {
    const sales = await Promise.all([shop.sell(), shop.sell(), shop.sell()]);
    const [first] = sales;
    for (const { envelope } of sales)
      shop.lose(destinationRecord(envelope, 'DATABASE_UNAVAILABLE'), {}, 'function');
    const one = await json('--yes', '--order', first?.orderId ?? '');
    expect(one).toMatchObject({
      exitCode: 1,
      replay: { remaining: 2, counts: { processed: 1, 'passed-over': 2 } },
    });
    expect(await shop.statusOf(first?.orderId ?? '')).toBe('paid');
    const none = await json('--yes', '--error', 'THROTTLING');
    expect(none.replay).toMatchObject({ remaining: 2, counts: { processed: 0, 'passed-over': 2 } });
    const most = await json('--yes', '--error', 'database_unavailable', '--max', '1');
    expect(most.replay).toMatchObject({ remaining: 1, counts: { processed: 1 } });
    expect(await shop.waiting()).toEqual({ visible: 1, inFlight: 0 });
  });

  it('does not let a forged message mark an order paid', async () => {
    const victim = await shop.sell();
    const { event, envelope } = victim;
    // Each shape that somebody who may send to the queue could try.
    shop.lose(event);
    shop.lose({ headers: {}, body: JSON.stringify(event) });
    shop.lose({ ...envelope, source: 'aws.partner/stripe.com/ed_test_other' });
    shop.lose({ ...envelope, account: '210987654321' });
    shop.lose(destinationRecord({ detail: event, source: 'shop.forged' }));
    const run = await json('--yes', '--quarantine', 'forged');
    expect(run.replay).toMatchObject({ remaining: 0, counts: { quarantined: 5, processed: 0 } });
    expect(run.replay.reasons).toMatchObject([{ fate: 'quarantined', code: 'UNKNOWN_TO_STRIPE', count: 5 }]);
    expect(
      readdirSync(path.join(stage.directory, 'forged')).filter((name) => name.endsWith('.json')),
    ).toHaveLength(5);
    expect(await shop.statusOf(victim.orderId)).toBe('pending');
  });

  it('counts for the maximum only what was refused for the reason that was asked for', async () => {
    const sales = await Promise.all([shop.sell(), shop.sell(), shop.sell()]);
    for (const { envelope } of sales) shop.lose(envelope);
    // Of the other mode and unknown to Stripe, behind and between those that a run would deliver.
    const [forged, other] = [await shop.sell(), await shop.sell({ livemode: true })];
    for (const { event } of [forged, other]) shop.lose(event);
    for (const [error, { event }] of [
      ['UNKNOWN_TO_STRIPE', forged],
      ['wrong_mode', other],
    ] as const) {
      const asked = ['--error', error, '--max', '1'];
      expect((await json('--dry-run', ...asked)).messages).toEqual([
        expect.objectContaining({ eventId: event.id, would: 'refuse' }),
      ]);
      expect((await json('--yes', ...asked)).replay).toMatchObject({
        remaining: 5,
        counts: { processed: 0, unusable: 1 },
        reasons: [{ code: error.toUpperCase(), count: 1 }],
      });
    }
    expect(await shop.waiting()).toEqual({ visible: 5, inFlight: 0 });
  }, 180_000);

  it('asks Stripe even about its own envelopes where the queue lets others in', async () => {
    const victim = await shop.sell();
    shop.lose(victim.envelope);
    const { sqs, world } = stage.bench();
    const url = stage.outputs.deliveryFailuresQueueUrl;
    const policy = (await world.sqs.queue(url))?.policy ?? '';
    await sqs.setAttributes(url, { Policy: '' });
    const run = await json('--yes');
    await sqs.setAttributes(url, { Policy: policy });
    stage.age();
    expect(run.replay).toMatchObject({ remaining: 1, counts: { unusable: 1, processed: 0 } });
    expect(await shop.statusOf(victim.orderId)).toBe('pending');
  });

  it('stops early when the first deliveries all fail the same way', async () => {
    const sales = await Promise.all(Array.from({ length: 30 }, () => shop.sell()));
    for (const { envelope } of sales) shop.lose(destinationRecord(envelope), {}, 'function');
    const { faults } = stage.cloud.cloud;
    faults.set([{ service: 'lambda', operation: 'Invoke', kind: 'deny' }]);
    const run = await json('--yes');
    const calls = faults.list()[0]?.seen ?? 0;
    faults.set([]);
    expect(run).toMatchObject({
      exitCode: 1,
      replay: { remaining: 30, cause: { code: 'AWS_PERMISSION_MISSING' } },
    });
    expect(calls).toBeLessThan(12);
    expect(await shop.waiting()).toEqual({ visible: 30, inFlight: 0 });
    expect(await json('--yes')).toMatchObject({
      exitCode: 0,
      replay: { remaining: 0, counts: { processed: 30 } },
    });
  });

  it.each(['SIGINT', 'SIGTERM'] as const)(
    'stops at a safe point on %s, and tells of every message',
    async (signal) => {
      const sales = await Promise.all(Array.from({ length: 20 }, () => shop.sell()));
      for (const { envelope } of sales) shop.lose(envelope, {}, 'delivery');
      const { faults } = stage.cloud.cloud;
      faults.set([{ service: 'lambda', operation: 'Invoke', kind: 'latency', milliseconds: 300 }]);
      const run = await cachao(['replay-dlq', '--yes', '--json', '--concurrency', '2'], {
        cwd: stage.directory,
        environment: environmentFor(stage.cloud),
        started: (child) => {
          const watch = setInterval(() => {
            if ((faults.list()[0]?.fired ?? 0) < 4 && child.exitCode === null) return;
            clearInterval(watch);
            child.kill(signal);
          }, 10);
        },
      });
      faults.set([]);
      expect(run.code).toBe(130);
      const report = JSON.parse(run.stdout);
      expect(schemaErrors(report)).toEqual([]);
      const { counts, remaining } = report.replay;
      const waiting = await shop.waiting();
      expect(waiting).toEqual({ visible: 20 - counts.processed, inFlight: 0 });
      expect(remaining).toBe(waiting.visible);
      const paid = await Promise.all(sales.map(({ orderId }) => shop.statusOf(orderId)));
      expect(paid.filter((status) => status === 'paid')).toHaveLength(counts.processed);
    },
  );

  describe('--engine lambda', () => {
    const lambda = () => new LambdaClient(stage.cloud.client);
    const mappings = async () =>
      (await lambda().send(new ListEventSourceMappingsCommand({}))).EventSourceMappings ?? [];
    const settled = async (state: string) => {
      for (const { UUID } of await mappings())
        for (;;) {
          const { State } = await lambda().send(new GetEventSourceMappingCommand({ UUID }));
          if (State === state) break;
          await new Promise((resolve) => setTimeout(resolve, 20));
        }
    };

    it('drains inside AWS by the same trust, and switches the drain off again', async () => {
      const sales = await Promise.all([shop.sell(), shop.sell(), shop.sell()]);
      const forged = await shop.sell();
      const [a, b, c] = sales;
      shop.lose(a?.envelope);
      shop.lose(b?.envelope, { RequestID: 'r', ErrorCode: '200', ErrorMessage: 'x' }, 'function');
      shop.lose(destinationRecord(c?.envelope), {}, 'function');
      shop.lose({ ...forged.event, livemode: true });
      shop.lose('hello');
      const run = await json('--yes', '--engine', 'lambda');
      expect(run).toMatchObject({
        exitCode: 0,
        drain: { before: 5, remaining: 0, ended: 'empty', quarantined: 2 },
      });
      for (const { orderId } of sales) expect(await shop.statusOf(orderId)).toBe('paid');
      expect(await shop.statusOf(forged.orderId)).toBe('pending');
      for (const { outcome, arrivals } of await shop.ledger(...sales.map(({ event }) => event.id)))
        expect([outcome, arrivals.map(({ via }) => via)]).toEqual(['paid', ['replay']]);
      await settled('Disabled');
    });

    it('refuses filters, which the drain cannot heed', async () => {
      shop.lose('hello');
      expect(await json('--yes', '--engine', 'lambda', '--order', '7')).toMatchObject({
        exitCode: 2,
        error: { code: 'FLAG_CONFLICT' },
      });
    });

    it('is switched off by the next run when a run was killed', async () => {
      for (const { UUID } of await mappings())
        await lambda().send(new UpdateEventSourceMappingCommand({ UUID, Enabled: true }));
      await settled('Enabled');
      await json('--yes');
      await settled('Disabled');
    });
  });

  it('delivers from the archive what was lost without a trace', async () => {
    const run = await json('--yes', '--from-archive', '--since', '1h');
    expect(run).toMatchObject({ exitCode: 0, archive: { state: 'COMPLETED', recent: true } });
  });
});
