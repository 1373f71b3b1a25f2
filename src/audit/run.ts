import { promises as fs } from 'node:fs';
import path from 'node:path';
import type { Change } from '../core/check.js';
import { CachaoError } from '../core/errors.js';
import { EXIT, type ExitCode, exitCodeOf, worstExitCode } from '../core/exit-code.js';
import type { TemplateAudit } from './audit.js';
import { type Baseline, readBaseline, writeBaseline } from './baseline.js';
import { type Correction, correct } from './correct.js';
import { findTemplates, LOOKED_IN } from './find-templates.js';
import type { AuditFinding } from './finding.js';
import { unifiedDiff } from './patch/diff.js';
import { readTemplate, replaceTemplate } from './read-file.js';
import type { AuditRule } from './rule.js';

export interface AuditRequest {
  cwd: string;
  /** Empty: found by custom. */
  files: readonly string[];
  rules: readonly AuditRule[];
  /** Makes the safe patches. */
  write: boolean;
  /** Shows what they change. */
  diff: boolean;
  strict: boolean;
  /** The baseline's file. */
  baseline: string | undefined;
  /** Accepts everything that is found now. */
  updateBaseline: boolean;
}

export interface AuditReport {
  exitCode: ExitCode;
  templates: TemplateReport[];
  findings: AuditFinding[];
  /** What `--write` changed. */
  changes: Change[];
  /** Templates that could not be read, or written. */
  error: CachaoError | null;
  /** The baseline that was written, and how much it accepts. */
  baseline: { file: string; findings: number } | null;
}

export interface TemplateReport
  extends Pick<TemplateAudit, 'file' | 'sam' | 'resources' | 'path' | 'nested' | 'findings'> {
  /** What the safe patches change, or changed; empty when nothing. */
  diff: string;
  written: boolean;
}

const NO_PATH = 'audit.no-path';
const BASELINE = 'cachao-audit-baseline.json';

/** Audits templates, and on request writes what can be mended safely. */
export async function runAudit(request: AuditRequest): Promise<AuditReport> {
  const files = await filesOf(request);
  const baseline = await baselineOf(request);
  const audited: Audited[] = [];
  const errors: CachaoError[] = [];
  for (const file of files)
    try {
      audited.push(await auditFile(request, baseline, file));
    } catch (error) {
      if (!(error instanceof CachaoError)) throw error;
      errors.push(error);
    }
  const templates = quietBeside(audited, request.files.length === 0).map((one) => one.report);
  const findings = templates.flatMap((one) => one.findings);
  const accepted = request.updateBaseline ? await acceptAll(request, findings) : null;
  const found = accepted ? EXIT.ok : exitCodeOf(findings, { strict: request.strict });
  const error = together(errors);
  return {
    exitCode: worstExitCode(error ? [error.exitCode, found] : [found]),
    templates,
    findings,
    changes: audited.flatMap((one) => one.changes),
    error,
    baseline: accepted,
  };
}

interface Audited {
  report: TemplateReport;
  changes: Change[];
}

async function filesOf({ cwd, files }: AuditRequest): Promise<readonly string[]> {
  if (files.length > 0) return [...new Set(files.map((file) => named(file)))];
  const found = await findTemplates(cwd);
  if (found.length > 0) return found;
  throw new CachaoError({
    code: 'TEMPLATE_NOT_FOUND',
    message: 'No template was found here.',
    why: `Looked for ${LOOKED_IN}.`,
    next: ['Name it: cachao audit path/to/template.yaml'],
    exitCode: EXIT.usage,
  });
}

/** As it was given, without `./`, so that a baseline and an annotation name it alike. */
const named = (file: string): string =>
  path.isAbsolute(file) ? file : path.normalize(file).replaceAll('\\', '/');

async function baselineOf({ cwd, baseline, updateBaseline }: AuditRequest): Promise<Baseline | undefined> {
  if (updateBaseline) return undefined;
  const file = baseline ?? BASELINE;
  try {
    return readBaseline(file, await fs.readFile(path.resolve(cwd, file), 'utf8'));
  } catch (error) {
    if (error instanceof CachaoError) throw error;
    // Nobody needs to have one; who names one means it.
    if (baseline === undefined && (error as NodeJS.ErrnoException).code === 'ENOENT') return undefined;
    throw new CachaoError({
      code: 'BASELINE_UNREADABLE',
      message: `The baseline ${file} cannot be read: ${(error as Error).message}.`,
      next: [`Write it: cachao audit --update-baseline --baseline ${file}`],
      exitCode: EXIT.usage,
      cause: error,
    });
  }
}

async function acceptAll(
  { cwd, baseline = BASELINE }: AuditRequest,
  findings: readonly AuditFinding[],
): Promise<AuditReport['baseline']> {
  const counted = findings.filter((finding) => !finding.muted);
  await fs.writeFile(path.resolve(cwd, baseline), writeBaseline(counted));
  return { file: baseline, findings: counted.length };
}

async function auditFile(
  request: AuditRequest,
  baseline: Baseline | undefined,
  file: string,
): Promise<Audited> {
  const text = await readTemplate(request.cwd, file);
  const made = correct(file, text, {
    rules: request.rules,
    baseline,
    // Without either, nothing need be mended to be judged.
    ...(request.write || request.diff ? {} : { rounds: 0 }),
  });
  const written = request.write && made.text !== text;
  if (written) await replaceTemplate(request.cwd, file, text, made.text);
  const shown = request.write ? made.after : made.before;
  const { sam, resources, path: onPath, nested, findings } = shown;
  const { document, mask } = made.before;
  const diff = unifiedDiff(file, document.lines, made.splices, (line) => mask.hides(line));
  return {
    report: { file, sam, resources, path: onPath, nested, findings, diff, written },
    changes: written ? changesOf(made) : [],
  };
}

/** One change for each finding that is gone. */
function changesOf({ before, after }: Correction): Change[] {
  const left = after.findings.map((finding) => `${finding.id} ${finding.summary}`);
  return before.findings
    .filter(
      (finding) => finding.patch && !finding.muted && !left.includes(`${finding.id} ${finding.summary}`),
    )
    .map((finding) => ({
      check: finding.id,
      action: 'update',
      resource: 'template',
      name: `${before.file}:${finding.location.line}`,
      details: [finding.summary],
    }));
}

/** Of templates that were found, those without a Stripe path say so only when no other has one. */
function quietBeside(audited: readonly Audited[], found: boolean): readonly Audited[] {
  const onPath = ({ report }: Audited): boolean => !report.findings.some((finding) => finding.id === NO_PATH);
  if (!found || !audited.some(onPath)) return audited;
  return audited.map((one) => ({
    ...one,
    report: { ...one.report, findings: one.report.findings.filter((finding) => finding.id !== NO_PATH) },
  }));
}

/** Several as one, which names them all. */
function together(errors: readonly CachaoError[]): CachaoError | null {
  const [first, ...more] = errors;
  if (!first || more.length === 0) return first ?? null;
  return new CachaoError({
    code: first.code,
    message: errors.map((error) => error.message).join('\n'),
    ...(first.why === undefined ? {} : { why: first.why }),
    next: [...new Set(errors.flatMap((error) => error.next))],
    exitCode: worstExitCode(errors.map((error) => error.exitCode)),
    cause: first,
  });
}
