import { readFileSync } from 'node:fs';
import { join } from 'node:path';

/** The parts of `oclif.manifest.json` that help and dispatch read. */
export interface Manifest {
  version: string;
  commands: Record<string, CommandEntry>;
}

export interface CommandEntry {
  id: string;
  summary?: string;
  description?: string;
  hidden?: boolean;
  examples?: (string | { description: string; command: string })[];
  flags: Record<string, FlagEntry>;
  args: Record<string, ArgumentEntry>;
  /** Exit codes that mean something of this command's own. */
  exitCodes?: Record<string, string>;
  /** Environment variables beside the twins of flags. */
  environment?: Record<string, string>;
}

export interface FlagEntry {
  name: string;
  char?: string;
  type: 'boolean' | 'option';
  summary?: string;
  description?: string;
  helpGroup?: string;
  helpValue?: string | string[];
  options?: string[];
  env?: string;
  allowNo?: boolean;
  hidden?: boolean;
  required?: boolean;
  multiple?: boolean;
  default?: unknown;
}

export interface ArgumentEntry {
  name: string;
  description?: string;
  required?: boolean;
  hidden?: boolean;
  multiple?: boolean;
  options?: string[];
}

/** The manifest that was built with the package. */
export function readManifest(root: string): Manifest {
  return JSON.parse(readFileSync(join(root, 'oclif.manifest.json'), 'utf8')) as Manifest;
}
