import { existsSync, mkdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { describe, expect, it } from 'vitest';
import { privateDirectory } from '../../src/core/private-directory.js';
import { temporaryDirectory } from '../support/run-cli.js';

describe('a private directory', () => {
  it.each(['local', 'log', 'replay', path.join('reconcile', 'deeper')])(
    'below .cachao has git ignore all of .cachao: %s',
    (name) => {
      const cwd = temporaryDirectory();
      const directory = path.join(cwd, '.cachao', name);
      privateDirectory(directory);
      privateDirectory(directory);
      expect(readFileSync(path.join(cwd, '.cachao', '.gitignore'), 'utf8')).toBe('*\n');
      expect(statSync(directory).mode & 0o777).toBe(0o700);
      expect(existsSync(path.join(cwd, '.gitignore'))).toBe(false);
    },
  );

  it('that an earlier version made is ignored from now on; what somebody wrote there stays', () => {
    const old = path.join(temporaryDirectory(), '.cachao');
    mkdirSync(path.join(old, 'local'), { recursive: true });
    privateDirectory(path.join(old, 'local'));
    expect(readFileSync(path.join(old, '.gitignore'), 'utf8')).toBe('*\n');
    writeFileSync(path.join(old, '.gitignore'), 'local\n');
    privateDirectory(path.join(old, 'local'));
    expect(readFileSync(path.join(old, '.gitignore'), 'utf8')).toBe('local\n');
  });

  it('elsewhere is ignored itself when it is new, and left alone when it was there', () => {
    const cwd = temporaryDirectory();
    privateDirectory(path.join(cwd, 'quarantine'));
    expect(readFileSync(path.join(cwd, 'quarantine', '.gitignore'), 'utf8')).toBe('*\n');
    privateDirectory(cwd);
    expect(existsSync(path.join(cwd, '.gitignore'))).toBe(false);
  });
});
