import { existsSync, readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';

/**
 * The licences of the packages that a bundle contains, as their authors ask for.
 * @param {import('esbuild').Metafile} metafile
 * @param {string} root the directory that the metafile's paths start from
 */
export function licencesOf(metafile, root) {
  const packages = new Set();
  for (const input of Object.keys(metafile.inputs)) {
    const found = /^(.*node_modules\/(?:@[^/]+\/)?[^/]+)\//.exec(input);
    if (found) packages.add(found[1]);
  }
  return [...packages]
    .sort()
    .map((directory) => describe(path.join(root, directory)))
    .join('\n');
}

function describe(directory) {
  const { name, version, license } = JSON.parse(readFileSync(path.join(directory, 'package.json'), 'utf8'));
  const file = existsSync(directory) && readdirSync(directory).find((entry) => /^licen[cs]e/i.test(entry));
  const text = file
    ? readFileSync(path.join(directory, file), 'utf8').trim()
    : '(no licence text in the package)';
  return `${name} ${version} (${license})\n${'-'.repeat(40)}\n${text}\n`;
}
