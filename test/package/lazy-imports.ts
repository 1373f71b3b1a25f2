import { readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';

/** A module that the built program imports when it first needs it, and the names that it takes from it. */
export interface LazyImport {
  /** The importing file, below `dist`. */
  from: string;
  /** What is imported: a file below `dist`, or the name of a package. */
  target: string;
  /** `default` included; empty where the whole module is taken. */
  names: string[];
}

const DESTRUCTURED = /\{([^{}]*)\}=await import\("([^"]+)"\)/g;
const MEMBER = /\(await import\("([^"]+)"\)\)\.([\w$]+)/g;
const WHOLE = /[\w$]+=await import\("([^"]+)"\)/g;
const CHAINED = /(?:return |=>|=|\?|:)import\("([^"]+)"\)(?:\.then\(\(?\{([^{}]*)\}\)?=>)?/g;
const TOGETHER = /\[((?:\{[^{}]*\},?)+)\]=await Promise\.all\(\[((?:import\("[^"]+"\),?)+)\]\)/g;
const ANY = /\bimport\("[^"]+"\)/g;

/** Every dynamic import of the built files. @throws when one is written in a way that this reader does not know */
export function lazyImports(dist: string): LazyImport[] {
  return readdirSync(dist, { recursive: true, encoding: 'utf8' })
    .filter((file) => file.endsWith('.js'))
    .flatMap((file) => importsOf(file, readFileSync(path.join(dist, file), 'utf8')));
}

function importsOf(file: string, code: string): LazyImport[] {
  const found = [
    ...matches(code, DESTRUCTURED).map(([, names, target]) => entry(file, target, namesOf(names))),
    ...matches(code, MEMBER).map(([, target, name]) => entry(file, target, [name as string])),
    ...matches(code, WHOLE).map(([, target]) => entry(file, target, [])),
    ...matches(code, CHAINED).map(([, target, names]) => entry(file, target, namesOf(names))),
    ...matches(code, TOGETHER).flatMap(([, patterns, imports]) => together(file, patterns, imports)),
  ];
  const all = matches(code, ANY).length;
  if (found.length !== all)
    throw new Error(`${file} has ${all} dynamic imports, of which ${found.length} could be read`);
  return found;
}

/** Of `[{a},{b}]=await Promise.all([import("x"),import("y")])`. */
function together(file: string, patterns = '', imports = ''): LazyImport[] {
  const names = [...patterns.matchAll(/\{([^{}]*)\}/g)];
  return matches(imports, /import\("([^"]+)"\)/g).map(([, target], index) =>
    entry(file, target, namesOf(names[index]?.[1])),
  );
}

const matches = (code: string, pattern: RegExp): RegExpMatchArray[] => [...code.matchAll(pattern)];

function namesOf(pattern: string | undefined): string[] {
  return (pattern ?? '')
    .split(',')
    .map((part) => (part.split(/[:=]/)[0] as string).trim())
    .filter((name) => name !== '');
}

function entry(file: string, target: string | undefined, names: string[]): LazyImport {
  const specifier = target as string;
  const isOurs = specifier.startsWith('.');
  const resolved = isOurs ? path.posix.join(path.posix.dirname(file), specifier) : specifier;
  return { from: file, target: resolved, names };
}
