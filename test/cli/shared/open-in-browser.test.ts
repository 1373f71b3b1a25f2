import { chmodSync, readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { afterEach, expect, it } from 'vitest';
import { openInBrowser } from '../../../src/cli/shared/open-in-browser.js';
import { temporaryDirectory } from '../../support/run-cli.js';
import { describeWhere } from '../../support/where.js';

const LINK = 'https://checkout.stripe.com/c/pay/cs_test_1?a=1&b=2#fid%20x';

describeWhere(process.platform !== 'win32', 'Windows opens pages otherwise')('a page in the browser', () => {
  const usual = process.env.PATH;
  afterEach(() => {
    process.env.PATH = usual;
  });

  /** A machine whose one program is this. */
  function withProgram(name: string, script: string): string {
    const directory = temporaryDirectory();
    writeFileSync(path.join(directory, name), `#!/bin/sh\n${script}\n`);
    chmodSync(path.join(directory, name), 0o755);
    process.env.PATH = directory;
    return directory;
  }

  it.each([
    ['linux', 'xdg-open'],
    ['darwin', 'open'],
  ] as const)('on %s is opened by %s, its link whole', async (platform, program) => {
    const directory = withProgram(program, 'echo "$1" > "$0.link"');
    expect(await openInBrowser(LINK, platform)).toBeUndefined();
    expect(readFileSync(path.join(directory, `${program}.link`), 'utf8').trim()).toBe(LINK);
  });

  it('that cannot be opened is a note: no program, or one that fails', async () => {
    withProgram('something-else', '');
    expect(await openInBrowser(LINK, 'linux')).toBe('there is no xdg-open here');
    withProgram('xdg-open', 'exit 3');
    expect(await openInBrowser(LINK, 'linux')).toBe('xdg-open ended with 3');
  });

  it('is a page: nothing else is handed to a program', async () => {
    withProgram('xdg-open', '');
    expect(await openInBrowser('file:///etc/passwd', 'linux')).toContain('is no page');
  });
});
