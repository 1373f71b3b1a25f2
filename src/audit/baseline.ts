import { CachaoError } from '../core/errors.js';
import { EXIT } from '../core/exit-code.js';
import type { Location } from './finding.js';

/** Findings that were there when the audit was adopted: only what is new counts. */
export interface Baseline {
  /** The file that it was read from. */
  file: string;
  entries: BaselineEntry[];
}

export interface BaselineEntry {
  rule: string;
  file: string;
  /** Keys that lead to the place; it stays when lines move. */
  path: string;
}

const FORMAT = 'cachao:audit-baseline/1';

export function readBaseline(file: string, text: string): Baseline {
  let content: { format?: unknown; findings?: unknown };
  try {
    content = JSON.parse(text);
  } catch (error) {
    throw unreadable(file, `it is no valid JSON (${(error as Error).message})`, error);
  }
  if (content?.format !== FORMAT || !Array.isArray(content.findings) || !content.findings.every(isEntry))
    throw unreadable(file, `it has not the form "${FORMAT}"`);
  return { file, entries: content.findings };
}

/** The baseline that accepts these findings, in an order that makes for small diffs. */
export function writeBaseline(findings: readonly { id: string; location: Location }[]): string {
  const entries = findings.map(({ id, location }) => ({
    rule: id,
    file: location.file,
    path: location.path,
  }));
  const key = ({ file, path, rule }: BaselineEntry): string => `${file}\n${path}\n${rule}`;
  entries.sort((a, b) => (key(a) < key(b) ? -1 : 1));
  return `${JSON.stringify({ format: FORMAT, findings: entries }, null, 2)}\n`;
}

/** Takes findings off the baseline, each entry once. */
export class Accepted {
  readonly name: string;
  readonly #left: BaselineEntry[];

  constructor(baseline: Baseline | undefined) {
    this.name = baseline?.file ?? '';
    this.#left = [...(baseline?.entries ?? [])];
  }

  takes(rule: string, { file, path }: Location): boolean {
    const index = this.#left.findIndex((one) => one.rule === rule && one.path === path && one.file === file);
    if (index !== -1) this.#left.splice(index, 1);
    return index !== -1;
  }
}

const isEntry = (value: unknown): value is BaselineEntry => {
  const { rule, file, path } = (value ?? {}) as Record<string, unknown>;
  return [rule, file, path].every((one) => typeof one === 'string');
};

const unreadable = (file: string, what: string, cause?: unknown): CachaoError =>
  new CachaoError({
    code: 'BASELINE_UNREADABLE',
    message: `The baseline ${file} cannot be read: ${what}.`,
    next: ['Write it anew: cachao audit --update-baseline --baseline FILE'],
    exitCode: EXIT.usage,
    cause,
  });
