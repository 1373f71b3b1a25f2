import fs from 'node:fs';
import path from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { findTemplates } from '../../src/audit/find-templates.js';
import { replaceTemplate } from '../../src/audit/read-file.js';
import { removeDirectory } from '../support/directories.js';
import { temporaryDirectory } from '../support/run-cli.js';
import { read } from './support.js';

let cwd: string;
const at = (name: string) => path.join(cwd, name);
const put = (name: string, text: string) => {
  fs.mkdirSync(path.dirname(at(name)), { recursive: true });
  fs.writeFileSync(at(name), text);
};
beforeEach(() => {
  cwd = temporaryDirectory();
});
afterEach(() => removeDirectory(cwd));

describe('replacing a template', () => {
  it('puts the whole text in its place, with the same mode, through a link', async () => {
    put('real/template.yaml', 'before');
    fs.chmodSync(at('real/template.yaml'), 0o640);
    fs.symlinkSync('real/template.yaml', at('template.yaml'));
    await replaceTemplate(cwd, 'template.yaml', 'before', 'after');
    expect(fs.readFileSync(at('real/template.yaml'), 'utf8')).toBe('after');
    expect(fs.statSync(at('real/template.yaml')).mode & 0o777).toBe(0o640);
    expect(fs.lstatSync(at('template.yaml')).isSymbolicLink()).toBe(true);
    expect(fs.readdirSync(at('real'))).toEqual(['template.yaml']);
  });

  it('leaves alone what somebody changed meanwhile', async () => {
    put('template.yaml', 'changed');
    await expect(replaceTemplate(cwd, 'template.yaml', 'before', 'after')).rejects.toThrow(
      /changed while it was being audited/,
    );
    expect(fs.readFileSync(at('template.yaml'), 'utf8')).toBe('changed');
  });

  it('keeps the original when the new text cannot be put down', async () => {
    put('template.yaml', 'before');
    // Stands where the new text would be written first.
    fs.mkdirSync(at(`.template.yaml.${process.pid}.tmp`));
    await expect(replaceTemplate(cwd, 'template.yaml', 'before', 'after')).rejects.toMatchObject({
      code: 'TEMPLATE_UNWRITABLE',
      exitCode: 2,
    });
    expect(fs.readFileSync(at('template.yaml'), 'utf8')).toBe('before');
    expect(fs.existsSync(at(`.template.yaml.${process.pid}.tmp`))).toBe(true);
  });
});

describe('finding templates', () => {
  it('takes what is one, and leaves what builds make and what only looks like one', async () => {
    const ours = read('infra/template.yaml');
    for (const name of [
      'template.yaml',
      'backend/api/stack.json',
      'infra/deep/er/network.yml',
      'infra/.aws-sam/build/template.yaml',
      'infra/node_modules/x/template.yaml',
      'src/template.yaml',
    ])
      put(name, ours);
    put('infra/values.yaml', 'Resources: { cpu: 1 }\n');
    put('infra/notes.md', ours);
    put('template.json', '{"name": "no template"}');
    expect(await findTemplates(cwd)).toEqual([
      'template.yaml',
      'infra/deep/er/network.yml',
      'backend/api/stack.json',
    ]);
  });
});
