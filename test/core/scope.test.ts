import { describe, expect, it } from 'vitest';
import { renderChanges } from '../../src/cli/shared/render-changes.js';
import type { Change } from '../../src/core/check.js';
import type { Finding } from '../../src/core/finding.js';
import { Scope } from '../../src/core/scope.js';
import { changesAsTyped, qualifyError, qualifyFindings } from '../../src/core/suggested-commands.js';
import { Canvas } from '../../src/terminal/canvas.js';

const here = new Scope({ local: true, stage: 'shop', config: "o'hara/c.json" });
const prod = new Scope({ stage: 'prod' });

describe('a command that a run suggests', () => {
  it.each([
    ['cachao doctor --fix', 'cachao doctor --fix --stage prod'],
    ['cachao trace evt_1 --stage dev', 'cachao trace evt_1 --stage dev'],
    ['cachao trace evt_1 --stage=dev', 'cachao trace evt_1 --stage=dev'],
    ['cachao audit a.yaml', 'cachao audit a.yaml'],
    ['cachao local --reset', 'cachao local --reset'],
    ['cachao setup --help', 'cachao setup --help'],
    ['stripe login', 'stripe login'],
  ])('%s, of stage prod: %s', (command, whole) => {
    expect(prod.command(command)).toBe(whole);
    expect(prod.command(prod.command(command))).toBe(whole);
  });

  it('takes every flag that the command has, and each once', () => {
    expect(here.command('cachao replay-dlq --list')).toBe(
      `cachao replay-dlq --list --local --stage shop --config 'o'\\''hara/c.json'`,
    );
    expect(here.command('cachao doctor --stage prod')).toBe(
      `cachao doctor --stage prod --local --config 'o'\\''hara/c.json'`,
    );
    expect(here.command('cachao local --inbox')).toBe(`cachao local --inbox --config 'o'\\''hara/c.json'`);
    expect(here.command('cachao audit')).toBe('cachao audit --local');
    expect(Scope.NONE.command('cachao doctor')).toBe('cachao doctor');
  });

  it.each([
    ['Run cachao doctor.', 'Run cachao doctor --stage prod.'],
    ['Deploy it: cachao deploy', 'Deploy it: cachao deploy --stage prod'],
    ['Replay: cachao replay-dlq --stage dev', 'Replay: cachao replay-dlq --stage dev'],
    [
      'a: cachao replay-dlq --stage dev\nb: cachao doctor',
      'a: cachao replay-dlq --stage dev\nb: cachao doctor --stage prod',
    ],
    [
      'cachao doctor --fix, or cachao setup --stage dev',
      'cachao doctor --stage prod --fix, or cachao setup --stage dev',
    ],
    ['cachao deploys nothing', 'cachao deploys nothing'],
    ['cachao-doctor and xcachao doctor', 'cachao-doctor and xcachao doctor'],
  ])('in prose: %s', (text, told) => {
    expect(prod.prose(text)).toBe(told);
    expect(prod.prose(prod.prose(text))).toBe(told);
  });
});

describe('a finding as it can be typed', () => {
  const finding = (commands: string[], fixable: boolean) =>
    ({
      id: 'a',
      evidence: [],
      remedy: { text: 'See cachao doctor.', commands, fixable },
    }) as unknown as Finding;
  const commandsOf = (...given: Parameters<typeof qualifyFindings>) =>
    qualifyFindings(...given)[0]?.remedy?.commands;

  it('names the command that repairs all, once', () => {
    const found = [finding(['cachao setup', 'cachao reconcile'], true)];
    expect(commandsOf(found, prod, 'cachao doctor --fix')).toEqual([
      'cachao doctor --fix --stage prod',
      'cachao reconcile --stage prod',
    ]);
  });

  it('names no command for what the run itself repairs', () => {
    expect(commandsOf([finding(['cachao setup', 'cachao reconcile'], true)], prod, null)).toEqual([
      'cachao reconcile --stage prod',
    ]);
    expect(commandsOf([finding(['cachao setup --create-shop-tables'], false)], here, null)?.[0]).toContain(
      'cachao setup --create-shop-tables --local --stage shop',
    );
  });

  it('has no link to a real console when it is about the local clouds', () => {
    const linked = {
      evidence: [{ label: 'rule', value: 'r', url: 'https://console.aws.amazon.com/r' }],
      remedy: { text: 'a', commands: [], fixable: false, url: 'https://dashboard.stripe.com/r' },
    } as unknown as Finding;
    expect(JSON.stringify(qualifyFindings([linked], here))).not.toContain('https:');
    expect(JSON.stringify(qualifyFindings([linked], prod))).toContain('https://dashboard.stripe.com/r');
  });

  it('has none either where another endpoint stands in the place of AWS, of what is changed too', () => {
    const elsewhere = new Scope({ stage: 'prod' }, true);
    const url = 'https://console.aws.amazon.com/r';
    const linked = { evidence: [{ label: 'rule', value: 'r', url }], remedy: null } as unknown as Finding;
    const change = { check: 'a', action: 'update', resource: 'rule', name: 'r', details: [], url } as Change;
    for (const scope of [here, elsewhere, elsewhere.ofStage('dev')])
      expect(
        JSON.stringify([qualifyFindings([linked], scope), changesAsTyped([change], scope)]),
      ).not.toContain('https:');
    expect(changesAsTyped([change], prod)).toEqual([change]);
    const shown = (scope: Scope) =>
      renderChanges([change], new Canvas({ colour: false, unicode: true, width: 80, scope }));
    expect(shown(here)).not.toContain('https:');
    expect(shown(prod)).toContain(url);
  });

  it('and an error too', () => {
    const error = { code: 'A', message: 'm', why: null, next: ['Run cachao setup.'] };
    expect(qualifyError(error, prod).next).toEqual(['Run cachao setup --stage prod.']);
  });
});
