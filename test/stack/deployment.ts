import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { mkdtemp, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { zipSync } from 'fflate';
import { eventbridgeReads } from '../../src/aws/eventbridge.js';
import { eventbridgeWrites } from '../../src/aws/eventbridge-writes.js';
import { AwsSession } from '../../src/aws/session.js';
import type { Settings } from '../../src/config/settings.js';
import { OPERATOR_KEY } from '../../src/local-cloud/kernel/cloud.js';
import { CODE_PARAMETERS, readArtifacts } from '../../src/stack/artifacts.js';
import { prepareChangeSet } from '../../src/stack/change-set.js';
import { executeChangeSet } from '../../src/stack/execute.js';
import type { StackOutputs } from '../../src/stack/outputs.js';
import type { StackInputs } from '../../src/stack/parameters.js';
import { type StackRun, type StackServices, stackServices } from '../../src/stack/services.js';
import { removeDirectory } from '../support/directories.js';
import { startTestCloud } from '../support/local-cloud.js';
import { ACCOUNT, BUS, INPUTS, SETTINGS } from './stage.js';

export const TEMPLATE = readFileSync(
  fileURLToPath(new URL('../../infra/template.yaml', import.meta.url)),
  'utf8',
);

/** A build's output: small functions, so that a test of the stack does not wait for bundles. */
export async function buildHandlers(
  directory: string,
  { marker = '1', code }: { marker?: string; code?: string } = {},
): Promise<void> {
  const manifest: Record<string, { file: string; sha256: string; bytes: number }> = {};
  for (const name of Object.keys(CODE_PARAMETERS)) {
    const answer = JSON.stringify({ name, marker });
    const source = code ?? `exports.handler = async () => (${answer});`;
    const zip = zipSync({ 'index.js': [Buffer.from(source), { mtime: '2000-01-01T00:00:00Z' }] });
    const sha256 = createHash('sha256').update(zip).digest('hex');
    await writeFile(join(directory, `${name}.zip`), zip);
    manifest[name] = { file: `${name}.zip`, sha256, bytes: zip.byteLength };
  }
  await writeFile(join(directory, 'manifest.json'), JSON.stringify(manifest));
}

/** An account with a partner bus and a build, ready for a first deployment. */
export async function startDeployment() {
  const cloud = await startTestCloud();
  const directory = await mkdtemp(join(tmpdir(), 'cachao-stack-'));
  await buildHandlers(directory);
  const session = new AwsSession({
    region: 'eu-west-1',
    profile: null,
    endpoint: cloud.aws,
    credentials: OPERATOR_KEY,
    environment: {},
    attempts: 1,
  });
  cloud.cloud.port('partnerEvents').createSource('eu-west-1', ACCOUNT, BUS);
  while (!(await eventbridgeReads(session).describeEventSource(BUS))) await new Promise(setImmediate);
  await eventbridgeWrites(session).createPartnerEventBus(BUS, 'of the test', {});
  const services = stackServices(session);
  const inputs = async (more: Partial<StackInputs> = {}): Promise<StackInputs> => ({
    ...INPUTS,
    artifacts: await readArtifacts(directory),
    templateBody: TEMPLATE,
    ...more,
  });
  return {
    cloud,
    session,
    services,
    directory,
    inputs,
    async deploy(
      options: { settings?: Partial<Settings>; inputs?: Partial<StackInputs>; run?: Partial<StackRun> } = {},
    ) {
      const settings = { ...SETTINGS, ...options.settings };
      return deploy(services, settings, await inputs(options.inputs), quietRun(options.run));
    },
    async close() {
      await cloud.close();
      await removeDirectory(directory);
    },
  };
}

export type Deployment = Awaited<ReturnType<typeof startDeployment>>;

export async function deploy(
  services: StackServices,
  settings: Settings,
  inputs: StackInputs,
  run: StackRun,
): Promise<StackOutputs> {
  return executeChangeSet(services, settings, await prepareChangeSet(services, settings, inputs, run), run);
}

/** Agrees to nothing and says nothing, unless told otherwise. */
export function quietRun(run: Partial<StackRun> = {}): StackRun {
  return { progress: { note: () => {} }, recoverStack: async () => false, longestPollMs: 250, ...run };
}

/** What makes a function impossible: Lambda allows 900 s. */
export const IMPOSSIBLE = TEMPLATE.replace('Timeout: 120', 'Timeout: 1200');
