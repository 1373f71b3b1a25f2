import { spawn, spawnSync } from 'node:child_process';
import { readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { Ajv2020 } from 'ajv/dist/2020.js';
import { describe, expect, it } from 'vitest';
import { temporaryDirectory } from '../support/run-cli.js';

const root = fileURLToPath(new URL('../..', import.meta.url));
const read = (file: string): string => readFileSync(path.join(root, file), 'utf8');
const { commands } = JSON.parse(read('oclif.manifest.json'));
/** NO_COLOR is the twin that the whole field knows; the others say what to do this once, and must not stay set. */
const WITHOUT_TWIN = [
  'no-color',
  ...['reset', 'inbox', 'confirm', 'export'],
  ...['list', 'show', 'type', 'event', 'order', 'error', 'since', 'until', 'from-archive'],
];
const files = readdirSync(path.join(root, 'schemas'));

describe('what is published', () => {
  it('is what the code says now', () => {
    const check = spawnSync(process.execPath, ['bin/generate.mjs', '--check'], {
      cwd: root,
      encoding: 'utf8',
    });
    expect([check.stderr, check.status]).toEqual(['', 0]);
  });

  it('has a schema for every command, named as its documents name it', () => {
    for (const id of Object.keys(commands))
      expect(JSON.parse(read(`schemas/${id}.schema.json`)).$id).toBe(`cachao:/schemas/${id}.schema.json`);
  });

  it('has schemas that hold together, each under its own name', () => {
    const schemas = files.map((file) => JSON.parse(read(`schemas/${file}`)));
    const ajv = new Ajv2020({ strict: false, validateFormats: false, schemas });
    for (const [index, file] of files.entries()) {
      expect(schemas[index].$id).toBe(`cachao:/schemas/${file}`);
      expect(ajv.getSchema(schemas[index].$id)).toBeTypeOf('function');
    }
  });

  it('gives every flag that is no secret its twin in the environment', () => {
    for (const [id, command] of Object.entries<{ flags: Record<string, { env?: string }> }>(commands))
      for (const [name, flag] of Object.entries(command.flags)) {
        expect(name).not.toMatch(/key|secret|password|token/);
        if (!WITHOUT_TWIN.includes(name))
          expect([id, name, flag.env]).toEqual([id, name, expect.stringMatching(/^CACHAO_/)]);
      }
  });

  it('names no place on the machine that made it', () => {
    for (const file of ['oclif.manifest.json', 'docs/commands.md', ...files.map((name) => `schemas/${name}`)])
      expect([file, read(file).includes(path.resolve(root))]).toEqual([file, false]);
  });

  it('starts in silence where HOME is no directory', () => {
    const started = spawnSync(process.execPath, ['bin/run.js', 'doctor', '--list-checks'], {
      cwd: root,
      env: { PATH: process.env.PATH, HOME: '/dev/null' },
      encoding: 'utf8',
    });
    expect([started.status, started.stderr]).toEqual([0, '']);
  });

  it('ends each command with the codes that its help lists: wrong usage, and an answer that nobody can give', async () => {
    const home = temporaryDirectory();
    const run = (...args: string[]) =>
      new Promise<{ code: number | null; stdout: string }>((resolve) => {
        const child = spawn(process.execPath, [path.join(root, 'bin/run.js'), ...args], {
          cwd: home,
          env: { PATH: process.env.PATH, HOME: home },
          stdio: ['ignore', 'pipe', 'ignore'],
        });
        let stdout = '';
        child.stdout.on('data', (text) => {
          stdout += text;
        });
        child.once('close', (code) => resolve({ code, stdout }));
      });
    // Without a region, a key, a configuration or a terminal. The local cloud itself asks for none of them.
    const args: Record<string, string[]> = { trace: ['evt_1Q2w3E4r5T6y'], local: ['--confirm'] };
    for (const id of Object.keys(commands)) {
      const [help, wrong, bare] = await Promise.all([
        run(id, '--help'),
        run(id, '--not-a-flag'),
        run(id, ...(args[id] ?? []), '--json'),
      ]);
      const listed = [...help.stdout.matchAll(/^ {2}(\d+) {2}/gm)].map(([, code]) => Number(code));
      expect([id, listed]).toEqual([id, expect.arrayContaining([0, 1, 2, wrong.code, bare.code])]);
      expect([id, wrong.code]).toEqual([id, 2]);
      expect([id, bare.code === 4]).toEqual([id, listed.includes(4)]);
    }
  });
});
