import fs from 'node:fs';
import path from 'node:path';
import { CloudFormationClient, DescribeStacksCommand } from '@aws-sdk/client-cloudformation';
import type { TestCloud } from '../../support/local-cloud.js';
import { type CliOptions, type CliResult, cachao, workingDirectory } from './cli.js';
import { environmentFor } from './clouds.js';
import { CONFIG_FILE, savedSetUp } from './saved-world.js';
import { schemaErrors } from './schema.js';

/** A stage as the built binary sets it up, in clouds of this process, and where a user would stand. */
export interface SetUp {
  cloud: TestCloud;
  cwd: string;
  outputs: Record<string, string>;
  run(args: string[], options?: RunOptions): Promise<CliResult>;
  /** Runs a command with `--json` and reads its document, which has to follow its schema. */
  report(args: string[], options?: RunOptions): Promise<CliResult & { report: Document }>;
  close(): Promise<void>;
}

/** As far as tests read it. */
export interface Document {
  outcome: string;
  exitCode: number;
  stage?: string;
  findings: DocumentFinding[];
  changes: { check: string; action: string; name: string }[];
  error: { code: string; message: string; next: string[] } | null;
  stages?: { stage: string; exitCode: number; findings: DocumentFinding[]; error: { code: string } | null }[];
  checks?: { id: string }[];
  alsoInspected?: string[];
  checkout?: { passed: boolean; paths: { via: string; delivered: boolean }[] } | null;
}

interface DocumentFinding {
  id: string;
  outcome: string;
  summary: string;
  severity: string;
  evidence: { label: string; value: string }[];
  remedy: { text: string; commands: string[]; fixable: boolean } | null;
  muted: { reason: string; until: string | null } | null;
}

export interface RunOptions extends Pick<CliOptions, 'started'> {
  /** Beside what points at the clouds; undefined takes a variable away. */
  environment?: Record<string, string | undefined>;
}

export async function setUp(environment: Record<string, string> = {}): Promise<SetUp> {
  const saved = await savedSetUp([], environment);
  const cloud = await saved.start();
  const directory = workingDirectory();
  fs.writeFileSync(path.join(directory.path, CONFIG_FILE), saved.left.config);
  const run = (args: string[], options: RunOptions = {}) => {
    const given = { ...environmentFor(cloud), ...environment, ...options.environment };
    const set = Object.entries(given).filter(([, value]) => value !== undefined);
    return cachao(args, {
      cwd: directory.path,
      environment: Object.fromEntries(set) as Record<string, string>,
      ...(options.started ? { started: options.started } : {}),
    });
  };
  const close = async () => {
    await cloud.close();
    await directory.remove();
  };
  return {
    cloud,
    cwd: fs.realpathSync(directory.path),
    outputs: await outputsOf(cloud),
    run,
    report: async (args, options) => {
      const result = await run([...args, '--json'], options);
      const report = JSON.parse(result.stdout);
      const wrong = schemaErrors(report);
      if (wrong.length > 0) throw new Error(`not as its schema says: ${wrong.join('; ')}`);
      return { ...result, report };
    },
    close,
  };
}

async function outputsOf(cloud: TestCloud): Promise<Record<string, string>> {
  const { Stacks } = await new CloudFormationClient(cloud.client).send(
    new DescribeStacksCommand({ StackName: 'cachao-dev' }),
  );
  const outputs = Stacks?.[0]?.Outputs ?? [];
  return Object.fromEntries(outputs.map(({ OutputKey = '', OutputValue = '' }) => [OutputKey, OutputValue]));
}
