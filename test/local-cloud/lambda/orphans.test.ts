import { spawn } from 'node:child_process';
import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { CreateRoleCommand, IAMClient, PutRolePolicyCommand } from '@aws-sdk/client-iam';
import {
  CreateFunctionCommand,
  InvokeCommand,
  LambdaClient,
  waitUntilFunctionActiveV2,
} from '@aws-sdk/client-lambda';
import { expect, it, onTestFinished } from 'vitest';
import { removeDirectory } from '../../support/directories.js';
import { clientConfiguration } from '../../support/local-cloud.js';
import { ALLOW_ALL, ROLE, until, zip } from './lambda-cloud.js';

const SOURCE = `
  import fs from 'node:fs';
  export const handler = async ({ file, busy }) => {
    fs.writeFileSync(file, String(process.pid));
    while (busy);
  }`;

it.each([false, true])(
  'execution environments end when the cloud is killed (computing: %s)',
  async (busy) => {
    const directory = fs.mkdtempSync(path.join(os.tmpdir(), 'lambda-test-'));
    const script = fileURLToPath(new URL('./killable-cloud.ts', import.meta.url));
    const cloud = spawn(process.execPath, ['--import', 'tsx', script, directory], {
      stdio: ['ignore', 'pipe', 'inherit'],
    });
    onTestFinished(() => void cloud.kill('SIGKILL'));
    const [address] = await new Promise<string[]>((resolve) =>
      cloud.stdout.once('data', (chunk: Buffer) => resolve(chunk.toString().split('\n'))),
    );
    const lambda = await prepared(address as string);
    const file = path.join(directory, 'pid');
    const Payload = Buffer.from(JSON.stringify({ file, busy }));
    const invoked = lambda.send(new InvokeCommand({ FunctionName: 'f', Payload })).catch(() => 'cut off');
    if (!busy) await invoked;
    const pid = Number(
      await until(() => (fs.existsSync(file) && fs.readFileSync(file, 'utf8')) || undefined),
    );
    expect(isAlive(pid)).toBe(true);
    cloud.kill('SIGKILL');
    await until(() => !isAlive(pid) || undefined);
    await removeDirectory(directory);
  },
);

async function prepared(address: string): Promise<LambdaClient> {
  const client = clientConfiguration(address);
  const iam = new IAMClient(client);
  const statement = {
    Effect: 'Allow',
    Principal: { Service: 'lambda.amazonaws.com' },
    Action: 'sts:AssumeRole',
  };
  const trust = JSON.stringify({ Version: '2012-10-17', Statement: [statement] });
  await iam.send(new CreateRoleCommand({ RoleName: 'worker', AssumeRolePolicyDocument: trust }));
  const own = { RoleName: 'worker', PolicyName: 'own', PolicyDocument: JSON.stringify(ALLOW_ALL) };
  await iam.send(new PutRolePolicyCommand(own));
  const lambda = new LambdaClient(client);
  const Code = { ZipFile: zip({ 'index.mjs': SOURCE }) };
  await lambda.send(
    new CreateFunctionCommand({
      FunctionName: 'f',
      Role: ROLE,
      Runtime: 'nodejs24.x',
      Handler: 'index.handler',
      Code,
      Timeout: 60,
    }),
  );
  await waitUntilFunctionActiveV2(
    { client: lambda, maxWaitTime: 20, minDelay: 0.1, maxDelay: 0.2 },
    { FunctionName: 'f' },
  );
  return lambda;
}

function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch {
    return false;
  }
}
