import { PutRolePolicyCommand } from '@aws-sdk/client-iam';
import {
  InvokeCommand,
  UpdateFunctionConfigurationCommand,
  waitUntilFunctionUpdatedV2,
} from '@aws-sdk/client-lambda';
import { PutParameterCommand, SSMClient } from '@aws-sdk/client-ssm';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { openShop, type Shop } from './shop.js';

/** Reads the secret when it starts, as most functions do. */
const SOURCE = `
const { AWS_ENDPOINT_URL, AWS_ACCESS_KEY_ID: key, AWS_SESSION_TOKEN: token, SECRET_AT_DEPLOY: atDeploy } = process.env;
const read = async () => {
  const answer = await fetch(AWS_ENDPOINT_URL, {
    method: 'POST',
    headers: {
      authorization: \`AWS4-HMAC-SHA256 Credential=\${key}/20261125/eu-west-1/ssm/aws4_request\`,
      'x-amz-security-token': token,
      'x-amz-target': 'AmazonSSM.GetParameter',
      'content-type': 'application/x-amz-json-1.1',
    },
    body: JSON.stringify({ Name: '/shop/secret', WithDecryption: true }),
  });
  return (await answer.json()).Parameter.Value;
};
const atStart = await read();
export const handler = async () => ({ atDeploy, atStart, now: await read() });
`;

let shop: Shop;
beforeEach(async () => {
  shop = await openShop({});
});
afterEach(() => shop.close());

const write = (Value: string) =>
  new SSMClient(shop.cloud.client).send(
    new PutParameterCommand({ Name: '/shop/secret', Type: 'SecureString', Value, Overwrite: true }),
  );
const ask = async () =>
  JSON.parse(
    Buffer.from(
      (await shop.functions.send(new InvokeCommand({ FunctionName: 'hook' }))).Payload ?? [],
    ).toString(),
  ) as { atDeploy: string; atStart: string; now: string };

it('what was read at the start, and what stands in the environment, outlives a change of the parameter', async () => {
  await write('old');
  await shop.createFunction('hook', SOURCE, { Environment: { Variables: { SECRET_AT_DEPLOY: 'old' } } });
  await allowReading();
  expect(await ask()).toEqual({ atDeploy: 'old', atStart: 'old', now: 'old' });
  await write('new');
  expect(await ask()).toEqual({ atDeploy: 'old', atStart: 'old', now: 'new' });

  // A change of the function starts it anew; its environment stays what somebody wrote there.
  const FunctionName = 'hook';
  await shop.functions.send(new UpdateFunctionConfigurationCommand({ FunctionName, Description: 'rotated' }));
  await waitUntilFunctionUpdatedV2(
    { client: shop.functions, maxWaitTime: 20, minDelay: 0.05, maxDelay: 0.1 },
    { FunctionName },
  );
  expect(await ask()).toEqual({ atDeploy: 'old', atStart: 'new', now: 'new' });
});

async function allowReading(): Promise<void> {
  const statement = { Effect: 'Allow', Action: 'ssm:GetParameter', Resource: '*' };
  const PolicyDocument = JSON.stringify({ Version: '2012-10-17', Statement: [statement] });
  await shop.iam.send(new PutRolePolicyCommand({ RoleName: 'hook', PolicyName: 'read', PolicyDocument }));
}
