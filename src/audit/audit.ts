import type { Finding } from '../core/finding.js';
import { Accepted, type Baseline } from './baseline.js';
import { weigh } from './certainty.js';
import type { TemplateDocument } from './document/document.js';
import { parseTemplate } from './document/parse.js';
import { pathTo } from './document/path.js';
import type { AuditFinding, Location } from './finding.js';
import { Mask } from './mask.js';
import { routesOf } from './model/apis.js';
import { functionsOf } from './model/functions.js';
import { conditionsOfIds } from './model/logical-ids.js';
import { secretSpans } from './model/secret-spans.js';
import { type Recognised, stripePath } from './model/stripe-path.js';
import { type Hints, Template } from './model/template.js';
import { unreadIn } from './model/unread.js';
import { carryConditions } from './patch/carry-conditions.js';
import type { Edit } from './patch/edit.js';
import { type Hunk, hunksOf } from './patch/hunks.js';
import { splicesOf } from './patch/plan.js';
import type { AuditRule, Judgement } from './rule.js';
import { RULES } from './rules/registry.js';
import { judgeSuppressions, SUPPRESSION_RULE } from './rules/template/suppression.js';
import { type Suppression, suppressionsIn } from './suppressions.js';

export interface AuditOptions {
  rules: readonly AuditRule[];
  baseline?: Baseline | undefined;
  /** Functions and routes that somebody named. */
  hints?: Hints | undefined;
  /** `2026-11-28`: which runtimes are over depends on it; today unless given. */
  today?: string | undefined;
}

/** What was found in one template. */
export interface TemplateAudit {
  file: string;
  document: TemplateDocument;
  sam: boolean;
  resources: number;
  /** What of the Stripe path was recognised, by logical id and by route. */
  path: { rules: string[]; functions: string[]; webhooks: string[]; recognised: PathPart[] };
  /** What could be named with --handler and --webhook. */
  known: Hints;
  /** What of it was not read: loops, and text from elsewhere. */
  unread: string[];
  /** Stacks inside it; they are files of their own to audit. */
  nested: string[];
  findings: AuditFinding[];
  /** Which lines hold a secret: none of them is shown. */
  mask: Mask;
  /** The edits of the findings that count and can be mended safely, in the rules' order. */
  patches: Patch[];
}

/** A part of the Stripe path, and what speaks for it. */
export type PathPart = Pick<Recognised, 'kind' | 'name' | 'certainty' | 'because'>;

/** What mends one finding. */
export interface Patch {
  /** The finding's rule, place and state: what tells it from others. */
  finding: string;
  edits: readonly Edit[];
}

/** Reads a template and judges it. Throws a CachaoError when it cannot be read. */
export function auditText(file: string, text: string, options: AuditOptions): TemplateAudit {
  const document = parseTemplate(file, text);
  const template = new Template(
    document,
    options.today ?? new Date().toISOString().slice(0, 10),
    options.hints,
  );
  const mask = new Mask(document.lines, secretSpans(template));
  const judged = options.rules.flatMap((rule) =>
    [...rule.judge(template)].map((judgement) => ({
      rule,
      judgement: conditioned(template, weigh(template, rule, judgement)),
    })),
  );
  const found = withMutes(document, mask, judged, options);
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
      recognised: path.recognised.map(({ kind, name, certainty, because }) => ({
        kind,
        name,
        certainty,
        because,
      })),
    },
    known: {
      handlers: [...functionsOf(template).keys()],
      webhooks: routesOf(template).flatMap((one) => [one.path, one.eventName ?? one.path]),
    },
    unread: unreadIn(document),
    nested: template
      .ofType('AWS::CloudFormation::Stack', 'AWS::Serverless::Application')
      .map((one) => one.id),
    findings: found.map((one) => one.finding).sort(byPlace),
    mask,
    patches: found.flatMap(({ judgement, finding }) =>
      judgement.patch && finding.patch && !finding.muted
        ? [{ finding: keyOf(finding), edits: judgement.patch }]
        : [],
    ),
  };
}

function conditioned(template: Template, judgement: Judgement): Judgement {
  if (!judgement.patch) return judgement;
  return { ...judgement, patch: carryConditions(judgement.patch, conditionsOfIds(template)) };
}

interface Judged {
  rule: AuditRule;
  judgement: Judgement;
}

/** Findings, muted where a suppression with a reason or the baseline says so; and what is wrong with suppressions. */
function withMutes(
  document: TemplateDocument,
  mask: Mask,
  judged: readonly Judged[],
  { rules, baseline }: AuditOptions,
): { judgement: Judgement; finding: AuditFinding }[] {
  const suppressions = suppressionsIn(document);
  const used = new Set<Suppression>();
  const accepted = new Accepted(baseline);
  const settle = ({ rule, judgement }: Judged): { judgement: Judgement; finding: AuditFinding } => {
    const location = locate(document, mask, judgement.at.start);
    const suppression = suppressions.find((one) => covers(one, rule, judgement));
    if (suppression) used.add(suppression);
    const reason = suppression?.reason
      ? suppression.reason
      : accepted.takes(rule.id, location)
        ? `in the baseline ${accepted.name}`
        : undefined;
    return { judgement, finding: findingOf(document, mask, rule, judgement, location, reason) };
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

function locate(document: TemplateDocument, mask: Mask, offset: number): Location {
  const { file, lines, root } = document;
  return {
    file,
    ...lines.position(offset),
    excerpt: mask.lineAt(offset).trim(),
    path: pathTo(root, offset),
  };
}

function findingOf(
  document: TemplateDocument,
  mask: Mask,
  rule: AuditRule,
  judgement: Judgement,
  location: Location,
  reason: string | undefined,
): AuditFinding {
  const splices = judgement.patch && splicesOf(document, judgement.patch);
  const hunks = splices && hunksOf(document.lines, splices);
  const shown = hunks?.every((hunk) => isShowable(mask, hunk)) ? hunks : undefined;
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
    evidence: [...(judgement.evidence ?? [])],
    remedy: {
      text: hunks && !shown ? `${judgement.advice} ${SECRET_FIRST}` : judgement.advice,
      commands: [],
      fixable: shown !== undefined,
    },
    muted: reason === undefined ? null : { reason, until: null },
    durationMs: 0,
    why: judgement.why ?? rule.why,
    location,
    patch: shown ? { hunks: shown } : null,
  };
}

/** What stays the same of a finding when lines move. */
export const keyOf = ({ id, location, summary }: AuditFinding): string => `${id} ${location.path} ${summary}`;

const SECRET_FIRST = 'A secret stands on that line: take it out first, then --write can do it.';

/** A change is made only where it can be shown: a diff needs its lines and the one behind them, and no secret is shown. */
function isShowable(mask: Mask, { line, removed }: Hunk): boolean {
  for (let at = line; at <= line + removed.length; at++) if (mask.hides(at)) return false;
  return true;
}

const byPlace = (one: AuditFinding, other: AuditFinding): number =>
  one.location.line - other.location.line || one.location.column - other.location.column;
