import { spawnSync } from 'node:child_process';
import { readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { Ajv2020 } from 'ajv/dist/2020.js';
import { describe, expect, it } from 'vitest';
import { RULES } from '../../../src/audit/rules/registry.js';
import { CHECKS } from '../../../src/checks/registry.js';
import { renderExplained } from '../../../src/cli/explain/render.js';
import { explained } from '../../../src/cli/explain/subject.js';
import { ERROR_ENTRIES } from '../../../src/core/error-codes/entries.js';
import { Canvas } from '../../../src/terminal/canvas.js';
import { temporaryDirectory } from '../../support/run-cli.js';
import { filesBelow, ROOT } from '../../support/suggested-commands.js';

const PLAIN = new Canvas({ colour: false, unicode: true, width: 80 });

describe('the entries of the error codes', () => {
  it('say each what happened, why, what to do and an example, in sentences', () => {
    for (const [code, { what, why, next, example }] of Object.entries(ERROR_ENTRIES)) {
      expect([code, code]).toEqual([code, expect.stringMatching(/^[A-Z]+(_[A-Z]+)*$/)]);
      for (const text of [what, why])
        expect([code, text]).toEqual([code, expect.stringMatching(/^([A-Z]|cachao\b).*\.$/)]);
      expect([code, next.length > 10, example.length > 10]).toEqual([code, true, true]);
    }
  });

  it('are of codes that the product has: no entry outlives its code', () => {
    const sources = ['src', 'commands', 'handlers']
      .flatMap((folder) => filesBelow(folder, '.ts'))
      .filter((file) => !file.startsWith('src/core/error-codes'))
      .map((file) => readFileSync(path.join(ROOT, file), 'utf8'))
      .join('\n');
    expect(Object.keys(ERROR_ENTRIES).filter((code) => !sources.includes(`'${code}'`))).toEqual([]);
  });
});

describe('cachao explain', () => {
  it('explains every code, check and audit rule', () => {
    const names = [...Object.keys(ERROR_ENTRIES), ...[...CHECKS, ...RULES].map(({ id }) => id)];
    for (const name of names) expect(renderExplained(explained(name), PLAIN)).toContain(name);
  });

  it('takes a code in any case, and tells of a requirement that both doctor and audit know once', () => {
    expect(explained('aws_timeout').code?.code).toBe('AWS_TIMEOUT');
    const both = RULES.find(({ id }) => CHECKS.some((check) => check.id === id));
    const text = renderExplained(explained(both?.id ?? ''), PLAIN).replace(/\s+/g, ' ');
    expect(text.split(both?.why.slice(0, 40) ?? '-')).toHaveLength(2);
    expect(text).toContain(`# cachao-audit-ignore ${both?.id}`);
  });

  it.each([
    ['AWS_TIMEOT', 'AWS_TIMEOUT'],
    ['eventbridge.patern', 'eventbridge.pattern'],
    ['audit.circel', 'audit.circle'],
  ])('%s: did you mean %s?', (name, meant) => {
    expect(() => explained(name)).toThrow(`Did you mean ${meant}?`);
  });
});

describe('the built command', () => {
  const explain = (...args: string[]) =>
    spawnSync(process.execPath, [path.join(ROOT, 'bin/run.js'), 'explain', ...args], {
      cwd: temporaryDirectory(),
      env: { PATH: process.env.PATH, HOME: '/dev/null' },
      encoding: 'utf8',
    });

  it('prints a document of its schema, and ends a mistyped name with 2', () => {
    const schemas = readdirSync(path.join(ROOT, 'schemas')).map((file) =>
      JSON.parse(readFileSync(path.join(ROOT, 'schemas', file), 'utf8')),
    );
    const ajv = new Ajv2020({ strict: false, validateFormats: false, schemas });
    const validate = ajv.getSchema('cachao:/schemas/explain.schema.json');
    for (const name of ['AWS_TIMEOUT', 'queue.retention', 'audit.circle']) {
      const run = explain(name, '--json');
      expect([run.status, validate?.(JSON.parse(run.stdout)), validate?.errors]).toEqual([0, true, null]);
    }
    const wrong = explain('AWS_TIMEOT');
    expect(wrong.status).toBe(2);
    expect(wrong.stderr).toContain('(more: cachao explain EXPLAIN_UNKNOWN)');
  });
});
