import { fileURLToPath } from 'node:url';
import { AwsSession } from '../../../src/aws/session.js';
import { CHECKS } from '../../../src/checks/registry.js';
import type { PathCheck } from '../../../src/checks/types.js';
import type { Settings } from '../../../src/config/settings.js';
import type { Change } from '../../../src/core/check.js';
import type { Finding } from '../../../src/core/finding.js';
import { inspectAll } from '../../../src/core/inspect.js';
import { Secret } from '../../../src/core/secret.js';
import { converge } from '../../../src/repair/converge.js';
import { setup } from '../../../src/setup/setup.js';
import type { StackOutputs } from '../../../src/stack/outputs.js';
import { StripeSession } from '../../../src/stripe/session.js';
import { Bench } from '../../../src/world/bench.js';
import { type Choices, DEFAULT_CHOICES, World } from '../../../src/world/world.js';
import { SETTINGS } from '../../stack/stage.js';
import { type ClientConfiguration, startTestCloud, type TestCloud } from '../../support/local-cloud.js';
import { sharedWorld } from '../../support/worlds.js';

const ROOT = fileURLToPath(new URL('../../..', import.meta.url));
const QUIET = { note: () => {} };
const WILLING = { changeSet: async () => true, recoverStack: async () => true };

export interface StageOptions {
  settings?: Partial<Settings>;
  choices?: Partial<Choices>;
  /** A cloud that is there already, with a stage in it; else one is started, and `close` closes it. */
  cloud?: TestCloud;
}

/** A stage in the local cloud, and eyes and hands for it that remember nothing from one look to the next. */
export interface TestStage {
  cloud: TestCloud;
  /** For any AWS SDK client. */
  client: ClientConfiguration;
  settings: Settings;
  /** A world that has looked at nothing yet, and its bench; with another Stripe key than the cloud's own. */
  open(choices?: Partial<Choices>, stripeKey?: string): { world: World; bench: Bench };
  /** Every check as doctor looks at them without --deep; or those named and what they need. */
  inspect(options?: { only?: readonly string[]; choices?: Partial<Choices> }): Promise<Finding[]>;
  /** What doctor's --fix does for one check: plan, apply, and look at it again. Without one, for all of them. */
  repair(...ids: string[]): Promise<{ finding: Finding; changes: Change[] }>;
  close(): Promise<void>;
}

export interface SetUpStage extends TestStage {
  /** What the deployed stack says of itself. */
  outputs: StackOutputs;
  /** Reads the outputs anew: what a repair made anew has another name. */
  refresh(): Promise<void>;
}

/** A stage whose path setup has made and proven with a test order. Without a cloud of one's own it is the same for all. */
export async function setUpStage(options: StageOptions = {}): Promise<SetUpStage> {
  if (options.cloud) {
    await makeHealthy(await openStage(options));
    return withOutputs(await openStage(options));
  }
  const world = await sharedWorld(`healthy stage ${JSON.stringify(options)}`, async (cloud) =>
    makeHealthy(await openStage({ ...options, cloud })),
  );
  const cloud = await world.start();
  return withOutputs({ ...(await openStage({ ...options, cloud })), close: () => cloud.close() });
}

async function makeHealthy(stage: TestStage): Promise<void> {
  const { world, bench } = stage.open();
  const result = await setup(
    world,
    () => bench,
    { dryRun: false, checkout: true, checkoutTimeoutMs: 600_000 },
    silentHost,
    new AbortController().signal,
  );
  if (result.exitCode === 0 && (await world.stackOutputs())) return;
  const bad = result.findings.filter(
    (finding) => finding.outcome === 'fail' || finding.outcome === 'unknown',
  );
  throw new Error(
    `setup did not make a healthy stage: ${result.error?.message ?? ''} ${result.checkout?.summary ?? ''} ${bad.map((finding) => `${finding.id}: ${finding.summary}`).join('; ')}`,
  );
}

async function withOutputs(stage: TestStage): Promise<SetUpStage> {
  const read = async () => (await stage.open().world.stackOutputs()) as StackOutputs;
  const outputs = { ...(await read()) };
  return { ...stage, outputs, refresh: async () => void Object.assign(outputs, await read()) };
}

/** A stage of which nothing is set up yet. */
export async function openStage(options: StageOptions = {}): Promise<TestStage> {
  const cloud = options.cloud ?? (await startTestCloud());
  const settings: Settings = {
    ...SETTINGS,
    reservedConcurrency: 10,
    email: 'oncall@example.com',
    database: cloud.environment.CACHAO_DATABASE ?? null,
    ...options.settings,
  };
  const { endpoint, region, credentials } = cloud.client;
  const aws = new AwsSession({
    region,
    profile: null,
    endpoint,
    credentials,
    environment: cloud.environment,
  });
  const { STRIPE_API_KEY = '', STRIPE_API_BASE, CACHAO_DATABASE_PASSWORD = '' } = cloud.environment;
  const open = (choices: Partial<Choices> = {}, stripeKey = STRIPE_API_KEY) => {
    const stripe = new StripeSession(stripeKey, STRIPE_API_BASE, '0.0.0');
    const world = new World({
      settings,
      choices: { ...DEFAULT_CHOICES, createShopTables: true, ...options.choices, ...choices },
      aws,
      stripe: () => stripe,
      databasePassword: new Secret(CACHAO_DATABASE_PASSWORD),
      handlersDirectory: `${ROOT}dist/handlers`,
      templateFile: `${ROOT}infra/template.yaml`,
    });
    return { world, bench: new Bench(world, aws, () => stripe, WILLING, new AbortController().signal) };
  };
  return {
    cloud,
    client: cloud.client,
    settings,
    open,
    inspect: ({ only, choices } = {}) =>
      inspectAll(
        (only ? withNeeds(only) : CHECKS.filter((check) => !check.deep)) as never,
        open(choices).world,
      ),
    repair: async (...ids) => {
      const { world, bench } = open();
      const patience = { refresh: () => world.forget(), pausesMs: [100, 300, 1000] };
      const changes: Change[] = [];
      const events = {
        fixing: (_check: { id: string }, planned: readonly Change[]) => {
          changes.push(...planned);
          return QUIET;
        },
        confirmUnplanned: async () => true,
        settled: () => {},
      };
      const signal = new AbortController().signal;
      const { findings, error } = await converge(
        ids.length > 0 ? checksNamed(ids) : CHECKS.filter((check) => !check.operational && !check.deep),
        world,
        bench,
        { findings: [], changes: [] },
        events,
        patience,
        signal,
      );
      if (error) throw error;
      return { finding: findings[0] as Finding, changes };
    },
    close: async () => {
      if (!options.cloud) await cloud.close();
    },
  };
}

export const silentHost = {
  inspecting: () => {},
  inspected: () => {},
  planned: () => {},
  confirmPlan: async () => true,
  confirmUnplanned: async () => true,
  fixing: () => QUIET,
  settled: () => {},
  checkout: () => QUIET,
  checkoutDone: () => {},
};

function checksNamed(ids: readonly string[]): PathCheck[] {
  const unknown = ids.filter((id) => !CHECKS.some((check) => check.id === id));
  if (unknown.length > 0) throw new Error(`there is no check ${unknown.join(', ')}`);
  return CHECKS.filter((check) => ids.includes(check.id));
}

function withNeeds(ids: readonly string[]): PathCheck[] {
  const wanted = new Set<string>();
  const add = (id: string) => {
    if (wanted.has(id)) return;
    wanted.add(id);
    for (const check of checksNamed([id])) check.needs.forEach(add);
  };
  ids.forEach(add);
  return checksNamed([...wanted]);
}
