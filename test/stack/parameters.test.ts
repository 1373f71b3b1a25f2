import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import { resourcesThatApply } from '../../src/stack/conditions.js';
import { stackParameters } from '../../src/stack/parameters.js';
import { parseTemplate } from '../../src/stack/template.js';
import { INPUTS, SETTINGS } from './stage.js';

const body = readFileSync(fileURLToPath(new URL('../../infra/template.yaml', import.meta.url)), 'utf8');
const template = parseTemplate(body);

describe("the stack's parameters", () => {
  it('are exactly those of the template, all of them text', () => {
    const parameters = stackParameters(SETTINGS, INPUTS);
    expect(Object.keys(parameters).sort()).toEqual(Object.keys(template.Parameters ?? {}).sort());
    for (const value of Object.values(parameters)) expect(typeof value).toBe('string');
  });

  it('keep to what the template allows', () => {
    const parameters = stackParameters({ ...SETTINGS, email: 'ops@example.com', mode: 'live' }, INPUTS);
    for (const [name, rules] of Object.entries(template.Parameters ?? {})) {
      const value = parameters[name] as string;
      if (rules.AllowedValues) expect((rules.AllowedValues as unknown[]).map(String), name).toContain(value);
      if (rules.AllowedPattern)
        expect(value, name).toMatch(new RegExp(`^(?:${rules.AllowedPattern as string})$`));
    }
  });

  it('refuse a stack name from which no rule name can be made', () => {
    const stack = { name: 'c'.repeat(58), managed: true };
    expect(() => stackParameters({ ...SETTINGS, stack }, INPUTS)).toThrow(/58 characters; 57 is the most/);
  });
});

describe('the resources that apply', () => {
  const types = (settings: Partial<typeof SETTINGS>, inputs: Partial<typeof INPUTS> = {}) =>
    resourcesThatApply(template, stackParameters({ ...SETTINGS, ...settings }, { ...INPUTS, ...inputs })).map(
      (resource) => resource.Type,
    );

  it('leave out what was not asked for', () => {
    const bare = types({ webhook: false }, { archive: false });
    expect(bare).not.toContain('AWS::ApiGateway::RestApi');
    expect(bare).not.toContain('AWS::Events::Archive');
    expect(bare).not.toContain('AWS::SNS::Subscription');
    expect(bare).not.toContain('AWS::IAM::ManagedPolicy');
  });

  it('take in what was', () => {
    const all = types({
      email: 'ops@example.com',
      silenceAlarmHours: 6,
      vpc: { subnetIds: ['subnet-1'], securityGroupIds: ['sg-1'] },
    });
    expect(all).toHaveLength(Object.keys(template.Resources).length);
  });
});
