import { execFile, spawnSync } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import type { CallRecord } from './records.js';

const DIRECTORY = fileURLToPath(new URL('.', import.meta.url));
const run = promisify(execFile);

/** Whether Python has these modules. */
export function hasPython(...modules: string[]): boolean {
  return spawnSync('python3', ['-c', `import ${modules.join(', ')}`]).status === 0;
}

/** Makes every call of `exercise.py` at an endpoint, with nothing of this machine's configuration. */
export async function exercise(endpoint: string, environment: Record<string, string>): Promise<CallRecord[]> {
  const { stdout } = await run('python3', ['exercise.py'], {
    cwd: DIRECTORY,
    maxBuffer: 64 * 1024 * 1024,
    env: {
      PATH: process.env.PATH,
      HOME: process.env.HOME,
      PYTHONDONTWRITEBYTECODE: '1',
      AWS_ENDPOINT_URL: endpoint,
      AWS_DEFAULT_REGION: 'eu-west-1',
      AWS_CONFIG_FILE: '/dev/null',
      AWS_SHARED_CREDENTIALS_FILE: '/dev/null',
      AWS_EC2_METADATA_DISABLED: 'true',
      ...environment,
    },
  });
  return JSON.parse(stdout) as CallRecord[];
}
