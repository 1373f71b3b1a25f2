import { describe, expect, it } from 'vitest';
import { SOURCE_PREFIX } from '../../handlers/contract/envelope.js';
import { DRAIN_ENVIRONMENT, ENVIRONMENT } from '../../handlers/contract/environment.js';
import { HANDLED_EVENT_TYPES } from '../../handlers/contract/stripe-event.js';
import { property, resourcesOf, template } from './read-template.js';

describe('the template and the handlers agree', () => {
  it('gives every function exactly the environment that the handlers read', () => {
    const functions = resourcesOf('AWS::Lambda::Function');
    expect(functions).toHaveLength(4);
    for (const [id] of functions) {
      const variables = property(id, 'Environment.Variables') as Record<string, unknown>;
      const more = id === 'DrainFunction' ? Object.values(DRAIN_ENVIRONMENT) : [];
      expect(Object.keys(variables).sort(), id).toEqual([...Object.values(ENVIRONMENT), ...more].sort());
    }
  });

  it('routes every handled event type, of this very source and no other', () => {
    expect(property('StripeEventRule', 'EventPattern')).toEqual({
      source: [{ Ref: 'PartnerEventBusName' }],
      'detail-type': [...HANDLED_EVENT_TYPES],
    });
    const pattern = new RegExp(template.Parameters?.PartnerEventBusName?.AllowedPattern as string);
    expect(`${SOURCE_PREFIX}ed_test_61TgB2`).toMatch(pattern);
    expect('default').not.toMatch(pattern);
    expect('stripe.com').not.toMatch(pattern);
  });

  it('drains through mappings that are off, and that never show a message again while it is worked on', () => {
    const mappings = resourcesOf('AWS::Lambda::EventSourceMapping');
    expect(mappings.map(([id]) => property(id, 'EventSourceArn.Fn::GetAtt'))).toEqual([
      ['DeliveryFailuresQueue', 'Arn'],
      ['FunctionFailuresQueue', 'Arn'],
    ]);
    for (const [id, { Properties }] of mappings)
      expect(Properties, id).toMatchObject({
        Enabled: false,
        FunctionResponseTypes: ['ReportBatchItemFailures'],
        ScalingConfig: { MaximumConcurrency: 5 },
      });
    for (const queue of ['DeliveryFailuresQueue', 'FunctionFailuresQueue'])
      expect(property(queue, 'VisibilityTimeout')).toBe(6 * (property('DrainFunction', 'Timeout') as number));
  });

  it('runs the bundles on a runtime that still receives updates', () => {
    for (const [id] of resourcesOf('AWS::Lambda::Function')) {
      expect(property(id, 'Runtime')).toBe('nodejs24.x');
      expect(property(id, 'Handler')).toBe('index.handler');
      expect(property(id, 'Code.S3Bucket')).toEqual({ Ref: 'ArtifactBucket' });
    }
  });

  it('holds no secret: no parameter takes one, no dynamic reference resolves one', () => {
    expect(JSON.stringify(template)).not.toMatch(/resolve:|whsec_|sk_(test|live)_|mysql:\/\//);
  });
});
