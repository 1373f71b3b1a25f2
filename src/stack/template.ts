import { createHash } from 'node:crypto';
import { type CollectionTag, Pair, parseDocument, Scalar, type ScalarTag, YAMLMap } from 'yaml';
import { CachaoError } from '../core/errors.js';
import { shippedTemplate } from './shipped-template.js';

/** A CloudFormation template with short-form functions in their long form: `!Ref X` is `{ Ref: 'X' }`. */
export interface Template {
  Description?: string;
  Parameters?: Record<string, Record<string, unknown>>;
  Conditions?: Record<string, unknown>;
  Resources: Record<string, TemplateResource>;
  Outputs?: Record<string, Record<string, unknown>>;
  [section: string]: unknown;
}

export interface TemplateResource {
  Type: string;
  Properties?: Record<string, unknown>;
  [attribute: string]: unknown;
}

/** Functions that have a short form in YAML (CloudFormation's intrinsic function reference), besides Ref and Condition. */
const FUNCTIONS = [
  ...['And', 'Base64', 'Cidr', 'Equals', 'FindInMap', 'ForEach', 'GetAtt', 'GetAZs', 'If', 'ImportValue'],
  ...['Join', 'Length', 'Not', 'Or', 'Select', 'Split', 'Sub', 'ToJsonString', 'Transform'],
];

/** The last templates that were read: one look at a stage asks for the same two again and again. */
const recent = new Map<string, Template>();
const RECENT = 8;

/**
 * Reads a template, YAML or JSON. Whoever asks for the same text has the same template, which nobody can change.
 * @throws CachaoError TEMPLATE_UNREADABLE, with the line.
 */
export function parseTemplate(text: string): Template {
  const known = recent.get(text);
  if (known) return known;
  const template = freeze(alreadyRead(text) ?? readTemplate(text));
  const [oldest] = recent.keys();
  if (recent.size >= RECENT && oldest !== undefined) recent.delete(oldest);
  recent.set(text, template);
  return template;
}

/** What the build has read of the very same text. */
function alreadyRead(text: string): Template | undefined {
  if (!shippedTemplate) return undefined;
  const same = createHash('sha256').update(text).digest('hex') === shippedTemplate.sha256;
  return same ? shippedTemplate.template : undefined;
}

function freeze<T>(value: T): T {
  if (typeof value === 'object' && value !== null && !Object.isFrozen(value)) {
    Object.freeze(value);
    Object.values(value).forEach(freeze);
  }
  return value;
}

function readTemplate(text: string): Template {
  const document = parseDocument(text, { customTags: (tags) => [...tags, ...SHORT_FORMS] });
  const problem = document.errors[0];
  const value: unknown = problem ? undefined : document.toJS();
  if (isTemplate(value)) return value;
  throw new CachaoError({
    code: 'TEMPLATE_UNREADABLE',
    message: problem
      ? `The template cannot be read: ${problem.message}`
      : 'The template cannot be read: it has no Resources.',
    next: ['Correct the template and run again.'],
    cause: problem,
  });
}

function isTemplate(value: unknown): value is Template {
  const resources = (value as Template | null | undefined)?.Resources;
  return typeof resources === 'object' && resources !== null;
}

const SHORT_FORMS: (ScalarTag | CollectionTag)[] = [
  ...FUNCTIONS.flatMap((name) => shortForm(name, `Fn::${name}`)),
  ...shortForm('Ref', 'Ref'),
  ...shortForm('Condition', 'Condition'),
];

/** `!Name value`, whatever shape the value has, becomes the map `{ key: value }`. */
function shortForm(name: string, key: string): (ScalarTag | CollectionTag)[] {
  const tag = `!${name}`;
  const wrap = (value: unknown) => {
    const map = new YAMLMap();
    map.items.push(new Pair(new Scalar(key), value));
    return map;
  };
  return [
    { tag, resolve: (text: string) => ({ [key]: key === 'Fn::GetAtt' ? attribute(text) : text }) },
    { tag, collection: 'seq', resolve: wrap },
    { tag, collection: 'map', resolve: wrap },
  ];
}

/** `!GetAtt Queue.Arn` is `['Queue', 'Arn']`; only the first dot separates. */
function attribute(text: string): string[] {
  const dot = text.indexOf('.');
  return dot < 0 ? [text] : [text.slice(0, dot), text.slice(dot + 1)];
}
