import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { startTestCloud, type TestCloud } from '../support/local-cloud.js';
import { cachao, workingDirectory } from './support/cli.js';
import { environmentFor } from './support/clouds.js';
import { schemaErrors } from './support/schema.js';

/** The clouds stand in this process and the CLI in another: it knows them only by their addresses. */
describe('cachao doctor', () => {
  let cloud: TestCloud;
  const directory = workingDirectory();
  const run = (...args: string[]) =>
    cachao(args, { cwd: directory.path, environment: environmentFor(cloud) });

  beforeAll(async () => {
    cloud = await startTestCloud();
    expect((await run('setup', '--yes', '--json')).code).toBe(0);
  }, 60_000);
  afterAll(async () => {
    await cloud.close();
    directory.remove();
  });

  it('finds nothing wrong with a healthy set-up, draws the path, and exits 0', async () => {
    const doctor = await run('doctor');
    expect(doctor.stdout).toContain('Orders database');
    expect(doctor.stdout).not.toContain('FAILED');
    expect(doctor.code).toBe(0);
  }, 60_000);

  it('prints one JSON document that its schema describes', async () => {
    const report = JSON.parse((await run('doctor', '--json')).stdout);
    expect(schemaErrors(report)).toEqual([]);
    expect(report).toMatchObject({ command: 'doctor', outcome: 'ok', exitCode: 0, stage: 'dev' });
  }, 60_000);
});
