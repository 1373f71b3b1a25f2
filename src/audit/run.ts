import { promises as fs } from 'node:fs';
import path from 'node:path';
import type { Change } from '../core/check.js';
import { CachaoError } from '../core/errors.js';
import { EXIT, type ExitCode, exitCodeOf, worstExitCode } from '../core/exit-code.js';
import { nearest } from '../core/nearest.js';
import { keyOf, type TemplateAudit } from './audit.js';
import { type Baseline, readBaseline, writeBaseline } from './baseline.js';
import { type Correction, correct } from './correct.js';
import { findTemplates, LOOKED_IN, templatesIn } from './find-templates.js';
import type { AuditFinding } from './finding.js';
import type { Hints } from './model/template.js';
import { otherKind } from './other-kinds.js';
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
  /** Functions and routes that are Stripe's, whatever they are called. */
  hints: Hints;
  /** What `-` stands for. */
  stdin(): Promise<string>;
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
  /** What was not read, or not written, and why. */
  notes: string[];
}

const STDIN = '-';
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
  if (errors.length === 0) refuseUnknownHints(request.hints, audited);
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
  /** What hints could name. */
  known: Hints;
  changes: Change[];
}

async function filesOf({ cwd, files }: AuditRequest): Promise<readonly string[]> {
  if (files.length > 0)
    return [...new Set((await Promise.all(files.map((file) => meant(cwd, file)))).flat())];
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

/** What a name that was given stands for: a file, standard input, or every template in a directory. */
async function meant(cwd: string, file: string): Promise<string[]> {
  if (file === STDIN) return [file];
  const found = await fs.stat(path.resolve(cwd, file)).catch(() => undefined);
  if (!found?.isDirectory()) return [named(file)];
  const inside = await templatesIn(cwd, named(file));
  if (inside.length > 0) return inside;
  throw new CachaoError({
    code: 'TEMPLATE_NOT_FOUND',
    message: `${file}: there is no template in this directory.`,
    why: 'CloudFormation and SAM templates are read, and what cdk synth, serverless package and Amplify make.',
    next: ['Name a template, or make it first: npx cdk synth, or npx serverless package'],
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
  const text = file === STDIN ? await request.stdin() : await readTemplate(request.cwd, file);
  const other = otherKind(file, text);
  if (other) throw other;
  const made = correct(file, text, {
    rules: request.rules,
    baseline,
    hints: request.hints,
    // Without either, nothing need be mended to be judged.
    ...(request.write || request.diff ? {} : { rounds: 0 }),
  });
  const maker = makerOf(file, text);
  const written = request.write && maker === undefined && made.text !== text;
  if (written) await replaceTemplate(request.cwd, file, text, made.text);
  const shown = written ? made.after : made.before;
  const { sam, resources, path: onPath, nested, findings } = shown;
  const { document, mask } = made.before;
  const diff = unifiedDiff(file, document.lines, made.splices, (line) => mask.hides(line));
  return {
    report: {
      file,
      sam,
      resources,
      path: onPath,
      nested,
      findings,
      diff,
      written,
      notes: notesOn(made, maker, request),
    },
    known: shown.known,
    changes: written ? changesOf(made) : [],
  };
}

/** Who makes this file anew at the next build, so that nobody need change it. */
function makerOf(file: string, text: string): string | undefined {
  if (file === STDIN) return 'whatever wrote it to standard input';
  if (/(^|\/)cdk\.out\//.test(file) || /"aws:cdk:path"/.test(text)) return 'cdk synth';
  if (/(^|\/)\.serverless\//.test(file)) return 'serverless package';
  return /(^|\/)\.aws-sam\//.test(file) ? 'sam build' : undefined;
}

function notesOn({ before, left }: Correction, maker: string | undefined, { write }: AuditRequest): string[] {
  const withheld = left.length === 1 ? '1 finding is' : `${left.length} findings are`;
  return [
    ...(before.unread.length > 0 ? [`Not read: ${before.unread.join('; ')}.`] : []),
    ...(write && maker !== undefined
      ? [`Not written: ${maker} makes this file. Change what it is made from; --diff shows what is wanted.`]
      : []),
    ...(left.length > 0
      ? [
          `${withheld} not mended: the template would have more than CloudFormation takes (500 resources, 1 MiB).`,
        ]
      : []),
  ];
}

/** A hint that meets nothing is a mistake. */
function refuseUnknownHints(hints: Hints, audited: readonly Audited[]): void {
  const refuse = (flag: string, what: string, name: string, known: readonly string[]): void => {
    if (known.includes(name)) return;
    const near = nearest(name, known);
    throw new CachaoError({
      code: 'HINT_UNKNOWN',
      message: `${flag} ${name}: no template here has such a ${what}.`,
      next: [
        near === undefined
          ? `There is: ${[...new Set(known)].slice(0, 20).join(', ') || `no ${what} at all`}`
          : `Did you mean ${near}?`,
      ],
      exitCode: EXIT.usage,
    });
  };
  const handlers = audited.flatMap((one) => one.known.handlers);
  const webhooks = audited.flatMap((one) => one.known.webhooks);
  for (const name of hints.handlers) refuse('--handler', 'function', name, handlers);
  for (const name of hints.webhooks) refuse('--webhook', 'route', name, webhooks);
}

/** One change for each finding that is gone. */
function changesOf({ before, after }: Correction): Change[] {
  const left = new Set(after.findings.map(keyOf));
  return before.findings
    .filter((finding) => finding.patch && !finding.muted && !left.has(keyOf(finding)))
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
