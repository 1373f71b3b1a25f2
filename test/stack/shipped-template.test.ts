import { readFileSync } from 'node:fs';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { afterAll, beforeAll, expect, it, vi } from 'vitest';
import { parseTemplate } from '../../src/stack/template.js';

const ROOT = fileURLToPath(new URL('../..', import.meta.url));
const TEXT = readFileSync(`${ROOT}/infra/template.yaml`, 'utf8');

interface Plugin {
  setup(build: { onLoad(where: { filter: RegExp }, load: () => { contents: string }): void }): void;
}

/** What the build puts in the place of the module. */
let contents: string;
let filter: RegExp;
beforeAll(async () => {
  const { shippedTemplate } = (await import(pathToFileURL(`${ROOT}/bin/lib/shipped-template.mjs`).href)) as {
    shippedTemplate(root: string): Promise<Plugin>;
  };
  (await shippedTemplate(ROOT)).setup({
    onLoad: (where, load) => {
      filter = where.filter;
      contents = load().contents;
    },
  });
});
afterAll(() => {
  vi.doUnmock('../../src/stack/shipped-template.js');
  vi.resetModules();
});

it('is what reading the template gives, and stands in the place of its module', async () => {
  const { shippedTemplate } = await import(`data:text/javascript,${encodeURIComponent(contents)}`);
  expect(shippedTemplate.template).toEqual(parseTemplate(TEXT));
  expect(`${ROOT}src/stack/shipped-template.ts`).toMatch(filter);
});

it('is taken for the very same text alone', async () => {
  const shipped = await import(`data:text/javascript,${encodeURIComponent(contents)}`);
  vi.resetModules();
  vi.doMock('../../src/stack/shipped-template.js', () => shipped);
  const { parseTemplate: parseWithShipped } = await import('../../src/stack/template.js');
  expect(parseWithShipped(TEXT)).toBe(shipped.shippedTemplate.template);
  const other = `# another text\n${TEXT}`;
  expect(parseWithShipped(other)).not.toBe(shipped.shippedTemplate.template);
  expect(parseWithShipped(other)).toEqual(parseTemplate(TEXT));
});
