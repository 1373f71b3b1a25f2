import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import path from 'node:path';
import { build } from 'esbuild';

/**
 * Puts the template into the bundle as it is when read, in the place of `src/stack/shipped-template.ts`: the program then
 * reads no YAML at its start. The template's text is told by its hash, so what is not the same text is never taken for it.
 * @param {string} root the repository
 * @returns {Promise<import('esbuild').Plugin>}
 */
export async function shippedTemplate(root) {
  const text = readFileSync(path.join(root, 'infra/template.yaml'), 'utf8');
  const sha256 = createHash('sha256').update(text).digest('hex');
  const { parseTemplate } = await load(root, 'src/stack/template.ts');
  const json = JSON.stringify(JSON.stringify(parseTemplate(text)));
  return {
    name: 'shipped-template',
    setup: ({ onLoad }) =>
      onLoad({ filter: /src[\\/]stack[\\/]shipped-template\.ts$/ }, () => ({
        contents: `export const shippedTemplate = { sha256: '${sha256}', template: JSON.parse(${json}) };`,
      })),
  };
}

/** A module of the sources, to be used by the build itself. */
async function load(root, entryPoint) {
  const { outputFiles } = await build({
    absWorkingDir: root,
    entryPoints: [entryPoint],
    bundle: true,
    write: false,
    platform: 'node',
    format: 'cjs',
    logLevel: 'warning',
  });
  const module = { exports: {} };
  new Function('module', 'require', outputFiles[0].text)(module, createRequire(import.meta.url));
  return module.exports;
}
