import { spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { keyOf } from '../../src/audit/audit.js';
import { removeDirectory } from '../support/directories.js';
import { describeWhere } from '../support/where.js';
import { CORPUS, putDown } from './corpus.js';
import { EXPECTED } from './expected.js';
import { diffOf, file, mend } from './support.js';

const linter = spawnSync('cfn-lint', ['--version']).status === 0;
const translator = spawnSync('python3', ['-c', 'import samtranslator']).status === 0;
const directory = mkdtempSync(path.join(tmpdir(), 'cachao-corpus-'));
afterAll(() => removeDirectory(directory));
const files = putDown(directory);

describe.each(Object.entries(EXPECTED))('%s', (name, expected) => {
  it('gets every finding that a person expects, at its line, and no other', () => {
    const found = CORPUS.find((one) => one.name === name)?.made.before.findings ?? [];
    expect(found.map((one) => `${one.outcome} ${one.id} ${one.location.line}`).sort()).toEqual(
      expected
        .split(',')
        .map((one) => one.trim())
        .sort(),
    );
  });
});

describe.each(CORPUS)('what --write makes of $name', ({ name, text, made }) => {
  const { before, after } = made;

  it('has none of the findings that were mended, and no other', () => {
    const left = new Set(after.findings.map(keyOf));
    const mended = before.findings.filter(
      (one) => one.patch && !one.muted && !made.left.includes(keyOf(one)),
    );
    expect(mended.map(keyOf).filter((key) => left.has(key))).toEqual([]);
    const known = new Set(before.findings.map((one) => `${one.id} ${one.location.path}`));
    const added = after.findings.filter((one) => !known.has(`${one.id} ${one.location.path}`));
    // Who is to be told of a new topic's alarms is for a person to say.
    expect(
      added.filter((one) => one.id !== 'alarm.actions').map((one) => `${one.id}: ${one.summary}`),
    ).toEqual([]);
    const { recognised: _why, ...parts } = before.path;
    expect(after.path).toMatchObject(parts);
  });

  it('is written once', () => {
    expect(mend(made.text, name).text).toBe(made.text);
    expect(made.after.patches.filter((patch) => !made.left.includes(patch.finding))).toEqual([]);
  });

  it('has every comment, and every logical id as it was', () => {
    const comments = (from: string): string[] =>
      name.endsWith('.json') ? [] : [...from.matchAll(/(?:^|\s)#.*$/gm)].map(([one]) => one);
    const there = comments(made.text);
    expect(comments(text).filter((one) => !there.includes(one))).toEqual([]);
    const ids = (from: string) => from.match(/^ {2}[A-Za-z0-9]+:/gm) ?? [];
    expect(ids(made.text)).toEqual(expect.arrayContaining(ids(text)));
    expect(after.resources).toBeGreaterThanOrEqual(before.resources);
  });

  it('is what its diff makes, for git', () => {
    const place = path.join(directory, 'git', name);
    spawnSync('mkdir', ['-p', place]);
    writeFileSync(path.join(place, name), text);
    const diff = diffOf(made);
    if (diff === '') return expect(made.text).toBe(text);
    writeFileSync(path.join(place, 'the.patch'), diff);
    const run = spawnSync('git', ['apply', '--whitespace=nowarn', 'the.patch'], {
      cwd: place,
      encoding: 'utf8',
    });
    expect(run).toMatchObject({ stderr: '', status: 0 });
    expect(readFileSync(path.join(place, name), 'utf8')).toBe(made.text);
  });
});

interface Lint {
  Filename: string;
  Rule: { Id: string };
  Message: string;
  Location: { Path: (string | number)[] | null };
}

/** What cfn-lint says, by the file's name: rule, place and message, errors and warnings. */
function linted(paths: ReadonlyMap<string, string>): Map<string, string[]> {
  const run = spawnSync('cfn-lint', ['--format', 'json', '--', ...paths.values()], {
    encoding: 'utf8',
    maxBuffer: 1e8,
  });
  const found = new Map<string, string[]>();
  for (const { Filename, Rule, Message, Location } of JSON.parse(run.stdout || '[]') as Lint[]) {
    const name = path.basename(Filename);
    // What else the template has is listed in no particular order.
    const said = Message.replace(/\{[^}]*\}|\[[^\]]*\]/g, '…');
    found.set(name, [...(found.get(name) ?? []), `${Rule.Id} ${(Location.Path ?? []).join('/')} ${said}`]);
  }
  return found;
}

describeWhere(linter, 'cfn-lint is not installed')('what --write makes', () => {
  it('of any of them gives cfn-lint nothing more to say', () => {
    const before = linted(files.before);
    const after = linted(files.after);
    const more = [...after].flatMap(([name, lines]) => {
      const known = before.get(name) ?? [];
      return lines.filter((line) => !known.includes(line)).map((line) => `${name}: ${line}`);
    });
    expect(more).toEqual([]);
  });
});

describeWhere(translator, 'samtranslator (Python) is not installed')(
  'what --write makes of a SAM template',
  () => {
    it('is taken by SAM’s translator wherever the template was', () => {
      const said = (paths: readonly string[]): Record<string, string> =>
        JSON.parse(
          spawnSync('python3', [file('test/fixtures/audit/translate.py'), ...paths], {
            encoding: 'utf8',
            maxBuffer: 1e8,
          }).stdout,
        );
      const sam = CORPUS.filter((one) => one.made.before.sam).map((one) => one.name);
      const before = said(sam.map((name) => files.before.get(name) ?? ''));
      const after = said(sam.map((name) => files.after.get(name) ?? ''));
      const refused = sam.filter(
        (name) => before[files.before.get(name) ?? ''] === '' && after[files.after.get(name) ?? ''] !== '',
      );
      expect(refused.map((name) => `${name}: ${after[files.after.get(name) ?? '']}`)).toEqual([]);
    });
  },
);
