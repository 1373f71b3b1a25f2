import fs from 'node:fs';
import path from 'node:path';
import type { RunningCloud } from './run.js';

/** How a running local cloud is found: written when it is ready, removed when it ends. */
export interface Discovery {
  pid: number;
  aws: string;
  stripe: string;
  database: string;
  /** Who can read this may use the cloud as its owner does. */
  token: string;
}

export function writeDiscovery(directory: string, running: RunningCloud): void {
  const discovery: Discovery = {
    pid: process.pid,
    aws: running.aws,
    stripe: running.stripe,
    database: running.database.url,
    token: running.cloud.adminToken,
  };
  writeAtomically(path.join(directory, 'cloud.json'), discovery);
}

export function readDiscovery(directory: string): Discovery | undefined {
  return read<Discovery>(path.join(directory, 'cloud.json'));
}

export function removeDiscovery(directory: string): void {
  fs.rmSync(path.join(directory, 'cloud.json'), { force: true });
}

function read<T>(file: string): T | undefined {
  try {
    return JSON.parse(fs.readFileSync(file, 'utf8')) as T;
  } catch {
    return undefined;
  }
}

function writeAtomically(file: string, content: object): void {
  const temporary = `${file}.${process.pid}.tmp`;
  fs.writeFileSync(temporary, JSON.stringify(content), { mode: 0o600 });
  fs.renameSync(temporary, file);
}
