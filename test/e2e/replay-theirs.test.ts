import { writeFileSync } from 'node:fs';
import path from 'node:path';
import { SendMessageCommand, SQSClient } from '@aws-sdk/client-sqs';
import Stripe from 'stripe';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type TheirStage, theirStage } from '../doctor/support/their-stack.js';
import { cachao, workingDirectory } from './support/cli.js';
import { schemaErrors } from './support/schema.js';

const get = (id: string) => ({ 'Fn::GetAtt': [id, 'Arn'] });

/** One queue for both ends, and a handler that says what it was given. */
const TEMPLATE = {
  Resources: {
    Failures: { Type: 'AWS::SQS::Queue' },
    Role: {
      Type: 'AWS::IAM::Role',
      Properties: {
        AssumeRolePolicyDocument: {
          Version: '2012-10-17',
          Statement: [
            { Effect: 'Allow', Principal: { Service: 'lambda.amazonaws.com' }, Action: 'sts:AssumeRole' },
          ],
        },
        Policies: [
          {
            PolicyName: 'own',
            PolicyDocument: {
              Version: '2012-10-17',
              Statement: [{ Effect: 'Allow', Action: 'sqs:SendMessage', Resource: get('Failures') }],
            },
          },
        ],
      },
    },
    Handler: {
      Type: 'AWS::Lambda::Function',
      Properties: {
        Runtime: 'nodejs24.x',
        Handler: 'index.handler',
        Role: get('Role'),
        DeadLetterConfig: { TargetArn: get('Failures') },
        Code: {
          ZipFile: 'exports.handler = async (event) => ({ seen: event.detail.id, via: event.cachao.via });',
        },
      },
    },
    Rule: {
      Type: 'AWS::Events::Rule',
      Properties: {
        EventPattern: { source: [{ prefix: 'aws.partner/stripe.com/' }] },
        Targets: [{ Id: 'handler', Arn: get('Handler'), DeadLetterConfig: { Arn: get('Failures') } }],
      },
    },
  },
};

describe("replay-dlq on a stack that is not cachao's", () => {
  let stage: TheirStage;
  const directory = workingDirectory();
  beforeAll(async () => {
    stage = await theirStage(TEMPLATE);
    const stages = {
      dev: { region: 'eu-west-1', currency: 'eur', stack: { name: 'Cachao', managed: false } },
    };
    writeFileSync(path.join(directory.path, 'cachao.config.json'), JSON.stringify({ stages }));
  });
  afterAll(async () => {
    await stage?.close();
    await directory.remove();
  });

  const json = async (...args: string[]) => {
    const { stdout } = await cachao(['replay-dlq', '--json', ...args], {
      cwd: directory.path,
      environment: { ...stage.cloud.environment, CACHAO_STAGE: 'dev' },
    });
    const report = JSON.parse(stdout);
    expect(schemaErrors(report)).toEqual([]);
    return report;
  };

  it('asks for the word that the handler is idempotent, then delivers what Stripe confirms', async () => {
    const { STRIPE_API_KEY = '' } = stage.cloud.environment;
    const url = new URL(stage.cloud.stripe);
    const stripe = new Stripe(STRIPE_API_KEY, { host: url.hostname, port: url.port, protocol: 'http' });
    const session = await stripe.checkout.sessions.create({
      mode: 'payment',
      success_url: 'https://shop.example/thanks',
      line_items: [
        { quantity: 1, price_data: { currency: 'eur', unit_amount: 500, product_data: { name: 'x' } } },
      ],
    });
    await stripe.checkout.sessions.expire(session.id);
    const event = (await stripe.events.list({ type: 'checkout.session.expired' })).data[0];
    await new SQSClient(stage.client).send(
      new SendMessageCommand({ QueueUrl: stage.physicalIds.Failures, MessageBody: JSON.stringify(event) }),
    );
    const list = await json('--list');
    expect([list.looked, list.queues.length, list.messages[0].eventId]).toEqual([1, 1, event?.id]);

    const refused = await json('--yes');
    expect(refused).toMatchObject({ exitCode: 4, error: { code: 'ANSWERS_NEEDED' } });
    expect(refused.error.next.join()).toMatch(/--handler-is-idempotent .*delivered again/);

    const run = await json('--yes', '--handler-is-idempotent');
    expect(run).toMatchObject({ exitCode: 0, replay: { remaining: 0, counts: { processed: 1 } } });
  });

  it('has no drain inside AWS to offer', async () => {
    await new SQSClient(stage.client).send(
      new SendMessageCommand({ QueueUrl: stage.physicalIds.Failures, MessageBody: 'x' }),
    );
    const run = await json('--yes', '--handler-is-idempotent', '--engine', 'lambda');
    expect(run).toMatchObject({ exitCode: 1, error: { code: 'DRAIN_MISSING' } });
  });
});
