import {
  GetFunctionConfigurationCommand,
  LambdaClient,
  UpdateFunctionConfigurationCommand,
} from '@aws-sdk/client-lambda';
import { DeleteParameterCommand, PutParameterCommand, SSMClient } from '@aws-sdk/client-ssm';
import { describe } from 'vitest';
import { secretFingerprint, webhookSecretDescription } from '../../../src/world/webhook.js';
import { breakIt } from '../support/break-it.js';
import type { SetUpStage } from '../support/set-up-stage.js';

const DATABASE = '/cachao/dev/database';
const SIGNING_SECRET = '/cachao/dev/stripe/webhook-secret';
const OTHER_SECRET = 'whsec_SomebodyElsesSecretOfThirtyTwo0';
const STAGING_SECRET = 'whsec_TheSecretOfStageStagingOf32ABC';

const ssm = (stage: SetUpStage) => new SSMClient(stage.client);
const remove = (stage: SetUpStage, Name: string) => ssm(stage).send(new DeleteParameterCommand({ Name }));

async function asString(stage: SetUpStage, Name: string, Value: string): Promise<void> {
  await remove(stage, Name);
  await ssm(stage).send(new PutParameterCommand({ Name, Value, Type: 'String' }));
}

function overwrite(stage: SetUpStage, Name: string, Value: string, Description?: string): Promise<unknown> {
  return ssm(stage).send(
    new PutParameterCommand({
      ...{ Name, Value, Overwrite: true },
      ...(Description === undefined ? {} : { Description }),
    }),
  );
}

/** A changed address is certain everywhere after half a minute, for which its own fix waits. */
const SETTLED = ['database.used'];

describe('the secrets', () => {
  breakIt([
    {
      broken: "The database's URL was deleted",
      check: 'secret.database',
      reason: /^\/cachao\/dev\/database does not exist$/,
      break: (stage) => remove(stage, DATABASE),
      fixed: true,
      planned: /password: \(hidden\)/,
      next: SETTLED,
    },
    {
      broken: "The database's URL is a String",
      check: 'secret.database',
      reason: /is a String: its password can be read by anyone/,
      break: (stage) => asString(stage, DATABASE, 'mysql://shop:in-the-open@127.0.0.1:3306/shop'),
      fixed: true,
      planned: /type: String -> SecureString/,
      next: SETTLED,
    },
    {
      broken: 'It names another database',
      check: 'secret.database',
      reason: /names another database, user, password or option than the settings/,
      break: (stage) => overwrite(stage, DATABASE, 'mysql://shop:x@127.0.0.1:3306/another'),
      fixed: true,
      next: SETTLED,
    },
    {
      broken: 'The signing secret was deleted',
      check: 'secret.webhook',
      reason: /^\/cachao\/dev\/stripe\/webhook-secret does not exist$/,
      break: (stage) => remove(stage, SIGNING_SECRET),
      fixed: true,
      planned: /a new endpoint takes its place/,
    },
    {
      broken: 'The signing secret is a String',
      check: 'secret.webhook',
      reason: /is not a SecureString/,
      break: (stage) => asString(stage, SIGNING_SECRET, OTHER_SECRET),
      fixed: true,
    },
    {
      broken: 'Somebody pasted the secret of another endpoint, and said so',
      check: 'secret.webhook',
      reason: /holds the secret of we_other, not of we_/,
      break: (stage) => overwrite(stage, SIGNING_SECRET, OTHER_SECRET, 'secret of we_other'),
      fixed: true,
    },
    {
      broken: 'The value alone was overwritten, with a well-formed secret of somebody else',
      check: 'secret.webhook',
      reason: /holds another signing secret than the one that we_\w+ signs with$/,
      break: (stage) => overwrite(stage, SIGNING_SECRET, OTHER_SECRET),
      fixed: true,
      planned: /a new endpoint takes its place/,
    },
    {
      broken: "Another stage's secret was pasted",
      check: 'secret.webhook',
      reason: /holds the signing secret of stage staging: we_\w+ signs with another$/,
      break: async (stage) => {
        await ssm(stage).send(
          new PutParameterCommand({
            ...{ Name: '/cachao/staging/stripe/webhook-secret', Value: STAGING_SECRET },
            ...{ Type: 'SecureString', Overwrite: true },
            Description: webhookSecretDescription('staging', [
              { endpointId: 'we_staging', fingerprint: secretFingerprint('we_staging', STAGING_SECRET) },
            ]),
          }),
        );
        await overwrite(stage, SIGNING_SECRET, STAGING_SECRET);
      },
      fixed: true,
      undo: (stage) => remove(stage, '/cachao/staging/stripe/webhook-secret'),
    },
    {
      broken: 'What is stored is no signing secret',
      check: 'secret.webhook',
      reason: /does not hold a signing secret/,
      break: (stage) => overwrite(stage, SIGNING_SECRET, 'to be done'),
      fixed: true,
    },
    {
      broken: 'A function holds a Stripe API key',
      check: 'secret.no-stripe-key',
      reason: /holds one in STRIPE_SECRET_KEY$/,
      also: { 'function.secrets': 'fail' },
      break: (stage) => setEnvironment(stage, { STRIPE_SECRET_KEY: `sk_test_${'4'.repeat(24)}` }),
      fixed: false,
      undo: (stage) => setEnvironment(stage, {}),
    },
  ]);
});

let environment: Record<string, string> | undefined;

async function setEnvironment(stage: SetUpStage, added: Record<string, string>): Promise<void> {
  const lambda = new LambdaClient(stage.client);
  const FunctionName = stage.outputs.eventFunctionName;
  environment ??= (await lambda.send(new GetFunctionConfigurationCommand({ FunctionName }))).Environment
    ?.Variables;
  await lambda.send(
    new UpdateFunctionConfigurationCommand({
      FunctionName,
      Environment: { Variables: { ...environment, ...added } },
    }),
  );
}
