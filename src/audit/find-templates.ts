import { type Dirent, promises as fs } from 'node:fs';
import path from 'node:path';

/** Where templates stand by custom, besides the directory itself. */
const DIRECTORIES = [
  'infra',
  'infrastructure',
  'backend',
  'cloudformation',
  'sam',
  'cdk.out',
  '.serverless',
  'amplify/backend',
] as const;
const OWN_NAMES =
  /^(template|sam|stack|cloudformation)([.-][\w.-]+)?\.(ya?ml|json)$|\.template(\.(ya?ml|json))?$/i;
const TEMPLATE_FILE = /\.(ya?ml|json|template)$/i;
const SKIPPED =
  /^(node_modules|dist|build|coverage|vendor|__pycache__|asset\..*|#current-cloud-backend)$|^\.(?!serverless$)/;
/** What tools write beside the templates that they make. */
const BESIDE =
  /^(serverless-state|manifest|tree|cdk|package(-lock)?|tsconfig.*|cloudformation-template-create-stack)\.json$|\.assets\.json$/;
const DEEPEST = 5;
const MOST_FILES = 2_000;
/** What tells a template from other YAML and JSON, near its beginning or further down. */
const TEMPLATE = /AWSTemplateFormatVersion|AWS::Serverless-|["']?Type["']?\s*:\s*["']?AWS::[A-Za-z0-9]+::/;

/**
 * The templates of a project: `template.yaml` and its like in the directory, and every template below `infra/`,
 * `backend/` and others. Paths relative to the directory, in order. Symbolic links and what builds leave are not followed.
 */
export async function findTemplates(cwd: string): Promise<string[]> {
  const own = (await entriesOf(cwd))
    .filter((entry) => entry.isFile() && OWN_NAMES.test(entry.name))
    .map((entry) => entry.name);
  const below: string[] = [];
  for (const directory of DIRECTORIES) await collect(cwd, directory, 1, below);
  const found: string[] = [];
  for (const file of [...own, ...below]) if (await isTemplate(path.join(cwd, file))) found.push(file);
  return found;
}

/** Every template in a directory that was named, and below it. Paths begin with the directory's. */
export async function templatesIn(cwd: string, directory: string): Promise<string[]> {
  const all: string[] = [];
  await collect(cwd, directory.replace(/\/+$/, '') || '/', 1, all);
  const found: string[] = [];
  for (const file of all) if (await isTemplate(path.resolve(cwd, file))) found.push(path.normalize(file));
  return found;
}

export const LOOKED_IN = `template.yaml, template.yml or template.json here, and ${DIRECTORIES.map((one) => `${one}/`).join(', ')}`;

async function collect(cwd: string, directory: string, depth: number, into: string[]): Promise<void> {
  for (const entry of await entriesOf(path.resolve(cwd, directory))) {
    if (into.length >= MOST_FILES) return;
    const file = `${directory}/${entry.name}`;
    if (entry.isDirectory() && depth < DEEPEST && !SKIPPED.test(entry.name))
      await collect(cwd, file, depth + 1, into);
    else if (entry.isFile() && TEMPLATE_FILE.test(entry.name) && !BESIDE.test(entry.name)) into.push(file);
  }
}

/** In order of their names; none where there is no directory. */
async function entriesOf(directory: string): Promise<Dirent[]> {
  try {
    const entries = await fs.readdir(directory, { withFileTypes: true });
    return entries.sort((one, other) => (one.name < other.name ? -1 : 1));
  } catch {
    return [];
  }
}

async function isTemplate(file: string): Promise<boolean> {
  try {
    const text = await fs.readFile(file, 'utf8');
    return TEMPLATE.test(text) && /(^|\n|\{|,)\s*["']?Resources["']?\s*:/.test(text);
  } catch {
    // It will be told when it is read in earnest.
    return true;
  }
}
