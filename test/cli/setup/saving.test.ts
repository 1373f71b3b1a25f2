import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { describe, expect, it } from 'vitest';
import { runCli, temporaryDirectory } from '../../support/run-cli.js';

const ASK = ['probe', '--do', 'ask', '--json'];
const fileIn = (cwd: string) => path.join(cwd, 'cachao.config.json');
const stagesIn = (cwd: string) => JSON.parse(readFileSync(fileIn(cwd), 'utf8')).stages;

describe.concurrent('what a command that makes a stage keeps', () => {
  it('is what it was told on the command line, and what the stage is', async () => {
    const cwd = temporaryDirectory();
    const env = { AWS_REGION: 'eu-north-1', CACHAO_EMAIL: 'ops@example.com' };
    const run = await runCli([...ASK, '--no-webhook', '--profile', 'mine', '--stage', 'shop'], { cwd, env });
    expect(run.exitCode).toBe(0);
    expect(stagesIn(cwd)).toEqual({ shop: { region: 'eu-north-1', currency: 'eur', webhook: false } });
    expect(run.stderr).toContain('Taken from the defaults: currency eur (--currency)');
  });

  it('includes the region that only the AWS profile knew', async () => {
    const cwd = temporaryDirectory();
    mkdirSync(path.join(cwd, '.aws'));
    writeFileSync(path.join(cwd, '.aws', 'config'), '[default]\nregion = ap-south-1\n');
    await runCli(ASK, { cwd });
    expect(stagesIn(cwd).dev.region).toBe('ap-south-1');
  });

  it('replaces nothing in the file by what merely stands in the environment', async () => {
    const cwd = temporaryDirectory();
    const before = '{"stages":{"dev":{"region":"eu-west-1","currency":"usd"}},"defaultStage":"dev"}';
    writeFileSync(fileIn(cwd), before);
    const run = await runCli(ASK, { cwd, env: { AWS_REGION: 'us-east-1', CACHAO_CURRENCY: 'chf' } });
    expect(JSON.parse(run.stdout).settings).toMatchObject({ region: 'us-east-1', currency: 'chf' });
    expect(readFileSync(fileIn(cwd), 'utf8')).toBe(before);
  });

  it('is what was told, on the local clouds too, where nothing else is kept', async () => {
    const cwd = temporaryDirectory();
    const local = [...ASK, '--local'];
    await runCli(local, { cwd });
    expect(existsSync(fileIn(cwd))).toBe(false);
    const told = await runCli(
      [...local, '--email', 'ops@example.com', '--database', 'mysql://a@127.0.0.1/b?tls=off'],
      {
        cwd,
      },
    );
    expect(told.exitCode, told.stderr).toBe(0);
    expect(JSON.parse(readFileSync(fileIn(cwd), 'utf8'))).not.toHaveProperty('defaultStage');
    const again = await runCli(local, { cwd });
    expect(JSON.parse(again.stdout).settings).toMatchObject({
      stage: 'local',
      email: 'ops@example.com',
      database: 'mysql://a@127.0.0.1/b?tls=off',
    });
  });

  it('is nothing of a live mode that the local clouds do not have', async () => {
    const cwd = temporaryDirectory();
    const run = await runCli([...ASK, '--local', '--mode', 'live'], { cwd });
    expect([run.exitCode, JSON.parse(run.stdout).error.code]).toEqual([2, 'FLAG_CONFLICT']);
    expect(existsSync(fileIn(cwd))).toBe(false);
  });

  it('is nothing when an answer is missing', async () => {
    const cwd = temporaryDirectory();
    expect((await runCli(ASK, { cwd })).exitCode).toBe(4);
    expect(existsSync(fileIn(cwd))).toBe(false);
  });
});
