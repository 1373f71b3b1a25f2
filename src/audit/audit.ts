import type { Finding } from '../core/finding.js';
import { Accepted, type Baseline } from './baseline.js';
import type { TemplateDocument } from './document/document.js';
import { parseTemplate } from './document/parse.js';
import { pathTo } from './document/path.js';
import type { AuditFinding, Location } from './finding.js';
import { masked, worthHiding } from './mask.js';
import { rulesOf } from './model/rules.js';
import { stripePath } from './model/stripe-path.js';
import { Template } from './model/template.js';
import { carryConditions } from './patch/carry-conditions.js';
import type { Edit } from './patch/edit.js';
import { hunksOf } from './patch/hunks.js';
import { splicesOf } from './patch/plan.js';
import type { AuditRule, Judgement } from './rule.js';
import { RULES } from './rules/registry.js';
import { judgeSuppressions, SUPPRESSION_RULE } from './rules/template/suppression.js';
import { type Suppression, suppressionsIn } from './suppressions.js';

export interface AuditOptions {
  rules: readonly AuditRule[];
  baseline?: Baseline | undefined;
}

/** What was found in one template. */
export interface TemplateAudit {
  file: string;
  document: TemplateDocument;
  sam: boolean;
  resources: number;
  /** What of the Stripe path was recognised, by logical id and by route. */
  path: { rules: string[]; functions: string[]; webhooks: string[] };
  /** Stacks inside it; they are files of their own to audit. */
  nested: string[];
  findings: AuditFinding[];
  /** Secrets that the template writes out: whoever shows any of it masks them. */
  secrets: string[];
  /** The edits of the findings that count and can be mended safely, in the rules' order. */
  patches: (readonly Edit[])[];
}

/** Reads a template and judges it. Throws a CachaoError when it cannot be read. */
export function auditText(file: string, text: string, options: AuditOptions): TemplateAudit {
  const document = parseTemplate(file, text);
  const template = new Template(document);
  const judged = options.rules.flatMap((rule) =>
    [...rule.judge(template)].map((judgement) => ({ rule, judgement: conditioned(template, judgement) })),
  );
  const secrets = secretsIn(template);
  const found = withMutes(document, judged, options);
  const path = stripePath(template);
  return {
    file,
    document,
    sam: template.sam,
    resources: template.resources.size,
    path: {
      rules: path.rules.map((one) => one.id),
      functions: path.functions.map((one) => one.id),
      webhooks: path.webhooks.map((one) => one.path),
    },
    nested: template
      .ofType('AWS::CloudFormation::Stack', 'AWS::Serverless::Application')
      .map((one) => one.id),
    findings: found.map((one) => withoutSecrets(one.finding, secrets)).sort(byPlace),
    secrets,
    patches: found.flatMap(({ judgement, finding }) =>
      judgement.patch && finding.patch && !finding.muted ? [judgement.patch] : [],
    ),
  };
}

function conditioned(template: Template, judgement: Judgement): Judgement {
  if (!judgement.patch) return judgement;
  const made = rulesOf(template);
  const conditionOf = (id: string): string | undefined =>
    (template.resources.get(id) ?? made.find((rule) => rule.id === id)?.owner?.resource)?.condition;
  return { ...judgement, patch: carryConditions(judgement.patch, conditionOf) };
}

interface Judged {
  rule: AuditRule;
  judgement: Judgement;
}

/** Findings, muted where a suppression with a reason or the baseline says so; and what is wrong with suppressions. */
function withMutes(
  document: TemplateDocument,
  judged: readonly Judged[],
  { rules, baseline }: AuditOptions,
): { judgement: Judgement; finding: AuditFinding }[] {
  const suppressions = suppressionsIn(document);
  const used = new Set<Suppression>();
  const accepted = new Accepted(baseline);
  const settle = ({ rule, judgement }: Judged): { judgement: Judgement; finding: AuditFinding } => {
    const location = locate(document, judgement.at.start);
    const suppression = suppressions.find((one) => covers(one, rule, judgement));
    if (suppression) used.add(suppression);
    const reason = suppression?.reason
      ? suppression.reason
      : accepted.takes(rule.id, location)
        ? `in the baseline ${accepted.name}`
        : undefined;
    return { judgement, finding: findingOf(document, rule, judgement, location, reason) };
  };
  const found = judged.map(settle);
  if (!rules.includes(SUPPRESSION_RULE)) return found;
  const own = judgeSuppressions(suppressions, used, {
    known: RULES.map((rule) => rule.id),
    ran: rules.map((rule) => rule.id),
  });
  return [...found, ...own.map((judgement) => settle({ rule: SUPPRESSION_RULE, judgement }))];
}

const covers = ({ rules, within }: Suppression, rule: AuditRule, { at }: Judgement): boolean =>
  rules.includes(rule.id) && within.start <= at.start && at.start < within.end;

function locate(document: TemplateDocument, offset: number): Location {
  const { file, lines, root } = document;
  return {
    file,
    ...lines.position(offset),
    excerpt: lines.textAt(offset).trim(),
    path: pathTo(root, offset),
  };
}

function findingOf(
  document: TemplateDocument,
  rule: AuditRule,
  judgement: Judgement,
  location: Location,
  reason: string | undefined,
): AuditFinding {
  const splices = judgement.patch && splicesOf(document, judgement.patch);
  const severity = judgement.severity ?? rule.severity;
  const verdict: Pick<Finding, 'outcome' | 'summary' | 'expected' | 'actual'> = {
    outcome: severity,
    summary: judgement.summary,
    expected: judgement.expected ?? null,
    actual: judgement.actual ?? null,
  };
  return {
    id: rule.id,
    title: rule.title,
    area: rule.area,
    severity,
    item: rule.item ?? null,
    ...verdict,
    evidence: [],
    remedy: { text: judgement.advice, commands: [], fixable: splices !== undefined },
    muted: reason === undefined ? null : { reason, until: null },
    durationMs: 0,
    why: rule.why,
    location,
    patch: splices ? { hunks: hunksOf(document.lines, splices) } : null,
  };
}

/** Whichever rules were chosen: what is shown of one finding may be a line that holds a secret. */
function secretsIn(template: Template): string[] {
  const telling = RULES.filter((rule) => rule.area === 'secret' || rule.id === 'function.secrets');
  return worthHiding(telling.flatMap((rule) => [...rule.judge(template)].map((one) => one.secret)));
}

function withoutSecrets(finding: AuditFinding, secrets: readonly string[]): AuditFinding {
  if (secrets.length === 0) return finding;
  const clean = (lines: readonly string[]): string[] => lines.map((line) => masked(line, secrets));
  const hunks = finding.patch?.hunks.map(({ line, removed, added }) => ({
    line,
    removed: clean(removed),
    added: clean(added),
  }));
  const { location, patch } = finding;
  return {
    ...finding,
    location: { ...location, excerpt: masked(location.excerpt, secrets) },
    patch: patch && hunks ? { hunks } : null,
  };
}

const byPlace = (one: AuditFinding, other: AuditFinding): number =>
  one.location.line - other.location.line || one.location.column - other.location.column;
