import { cpSync, mkdtempSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { AwsSession } from '../../../src/aws/session.js';
import type { Settings } from '../../../src/config/settings.js';
import { messageKey, sqsTables } from '../../../src/local-cloud/aws/sqs/records.js';
import type { StackOutputs } from '../../../src/stack/outputs.js';
import { StripeSession } from '../../../src/stripe/session.js';
import { Bench } from '../../../src/world/bench.js';
import { DEFAULT_CHOICES, World } from '../../../src/world/world.js';
import { cachao } from '../../e2e/support/cli.js';
import { environmentFor } from '../../e2e/support/clouds.js';
import { savedSetUp } from '../../e2e/support/saved-world.js';
import { SETTINGS } from '../../stack/stage.js';
import { removeDirectory } from '../../support/directories.js';
import { startTestCloud, type TestCloud } from '../../support/local-cloud.js';

const ROOT = fileURLToPath(new URL('../../..', import.meta.url));

/** A stage that was set up by the built program, kept as files, so that many tests can begin from there. */
export interface SavedStage {
  directory: string;
  remove(): Promise<void>;
}

export async function saveStage(): Promise<SavedStage> {
  const directory = mkdtempSync(path.join(tmpdir(), 'cachao-replay-'));
  (await savedSetUp(['--skip-checkout'])).copyTo(path.join(directory, 'cloud'));
  return { directory, remove: () => removeDirectory(directory) };
}

export interface BenchOptions {
  settings?: Partial<Settings>;
  signal?: AbortSignal;
  /** Of each AWS call; 1: every failure is ours to handle. */
  attempts?: number;
}

/** The stage's clouds as they were saved, or as an earlier test left them. */
export class Stage {
  outputs!: StackOutputs;
  private constructor(
    readonly cloud: TestCloud,
    /** Where a user would stand. */
    readonly directory: string,
  ) {}

  static async open(saved: SavedStage): Promise<Stage> {
    const directory = mkdtempSync(path.join(tmpdir(), 'cachao-replay-'));
    cpSync(path.join(saved.directory, 'cloud'), path.join(directory, 'cloud'), { recursive: true });
    const stage = new Stage(await startTestCloud({ directory: path.join(directory, 'cloud') }), directory);
    const outputs = await stage.bench().world.stackOutputs();
    if (!outputs) throw new Error('the saved stage has no stack');
    stage.age();
    stage.outputs = outputs;
    return stage;
  }

  /** A world of its own, which knows nothing of what earlier ones saw. */
  bench({ settings, signal, attempts }: BenchOptions = {}): Bench {
    const { client, stripe, environment } = this.cloud;
    const { region, endpoint, credentials } = client;
    const aws = new AwsSession({
      ...{ region, profile: null, endpoint, credentials, environment: {} },
      ...(attempts === undefined ? {} : { attempts }),
    });
    const session = new StripeSession(environment.STRIPE_API_KEY ?? '', stripe, '0.0.0');
    const world = new World({
      settings: { ...SETTINGS, ...settings },
      choices: DEFAULT_CHOICES,
      aws,
      stripe: () => session,
      databasePassword: undefined,
      handlersDirectory: `${ROOT}dist/handlers`,
      templateFile: `${ROOT}infra/template.yaml`,
    });
    return new Bench(
      world,
      aws,
      () => session,
      { changeSet: async () => true, recoverStack: async () => true },
      signal ?? new AbortController().signal,
    );
  }

  /** Lets ten minutes pass for the queues and all that stands in them: what is sent from now on comes long after. */
  age(): void {
    const { queues, messages } = sqsTables(this.cloud.cloud);
    const earlier = (time: number) => time - 10 * 60_000;
    for (const queue of queues.values())
      queues.set(queue.arn, { ...queue, modifiedAt: earlier(queue.modifiedAt) });
    for (const message of messages.values())
      messages.set(messageKey(message.queueArn, message.id), { ...message, sentAt: earlier(message.sentAt) });
  }

  /** Runs the built program against these clouds. */
  run(...args: string[]) {
    return cachao(args, { cwd: this.directory, environment: environmentFor(this.cloud) });
  }

  /** Closes, and makes what is here now what later stages begin from. */
  async keepIn(saved: SavedStage): Promise<void> {
    await this.cloud.close();
    const kept = path.join(saved.directory, 'cloud');
    await removeDirectory(kept);
    cpSync(path.join(this.directory, 'cloud'), kept, { recursive: true });
    await removeDirectory(this.directory);
  }

  async close(): Promise<void> {
    await this.cloud.close();
    await removeDirectory(this.directory);
  }
}
