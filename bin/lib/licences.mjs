import { readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';

/**
 * The licences of the packages that a bundle contains, as their authors ask for: each text once, below the packages
 * that it is for.
 * @param {import('esbuild').Metafile} metafile
 * @param {string} root the directory that the metafile's paths start from
 */
export function licencesOf(metafile, root) {
  const packagesByText = new Map();
  for (const directory of bundledPackages(metafile)) {
    const { title, text } = readLicence(path.join(root, directory));
    packagesByText.set(text, [...(packagesByText.get(text) ?? []), title]);
  }
  return [...packagesByText]
    .map(([text, titles]) => `${titles.join('\n')}\n${'-'.repeat(40)}\n${text}\n`)
    .join('\n');
}

function bundledPackages(metafile) {
  const directories = new Set();
  for (const input of Object.keys(metafile.inputs)) {
    const found = /^(.*node_modules\/(?:@[^/]+\/)?[^/]+)\//.exec(input);
    if (found) directories.add(found[1]);
  }
  return [...directories].sort();
}

function readLicence(directory) {
  const { name, version, license } = JSON.parse(readFileSync(path.join(directory, 'package.json'), 'utf8'));
  const file = readdirSync(directory).find((entry) => /^licen[cs]e/i.test(entry));
  const text = file
    ? readFileSync(path.join(directory, file), 'utf8').trim()
    : '(no licence text in the package)';
  return { title: `${name} ${version} (${license})`, text };
}
