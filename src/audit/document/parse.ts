import { type Document, parseDocument } from 'yaml';
import { convert } from './convert.js';
import type { TemplateDocument } from './document.js';
import { Lines } from './lines.js';
import { isMap } from './node.js';
import { styleOf } from './style.js';
import { unreadable, unreadableAt } from './unreadable.js';

/** What CloudFormation takes from S3; larger templates cannot be deployed. */
export const LARGEST = 1024 * 1024;

/** Reads a template's text, YAML or JSON. Throws a CachaoError that names the place. */
export function parseTemplate(file: string, text: string): TemplateDocument {
  refuseWhatIsNone(file, text);
  const lines = new Lines(text);
  const json = /^\uFEFF?\s*\{/.test(text) && isJson(file, text, lines);
  const parsed = parsedYaml(file, text);
  refuseBroken(file, lines, parsed);
  const root = convert(file, text, lines, parsed);
  if (!isMap(root) || !isMap(root.entries.get('Resources')?.value))
    throw unreadableAt(file, lines, root.start, {
      code: 'TEMPLATE_NO_RESOURCES',
      what: 'there is no map "Resources": this is no CloudFormation or SAM template.',
      next: 'Name the template itself: cachao audit path/to/template.yaml',
    });
  return { file, text, lines, root, style: styleOf(text, root, json) };
}

function refuseWhatIsNone(file: string, text: string): void {
  if (text.length > LARGEST && Buffer.byteLength(text) > LARGEST)
    throw unreadable(file, {
      code: 'TEMPLATE_TOO_LARGE',
      what: `the file has ${Buffer.byteLength(text).toLocaleString('en')} bytes.`,
      why: `CloudFormation takes templates of at most ${LARGEST.toLocaleString('en')} bytes.`,
      next: 'Split it into nested stacks, and audit the one with the Stripe path.',
    });
  const zero = text.indexOf('\0');
  if (zero !== -1)
    throw unreadable(file, {
      code: 'TEMPLATE_BINARY',
      what: `this is no text: a zero byte stands at offset ${zero}.`,
      next: 'Name a CloudFormation or SAM template, in YAML or JSON, as UTF-8.',
    });
  if (text.trim() === '')
    throw unreadable(file, {
      code: 'TEMPLATE_EMPTY',
      what: 'the file is empty.',
      next: 'Name a CloudFormation or SAM template, in YAML or JSON.',
    });
}

/** What starts with a brace is JSON, or YAML in flow style; a file named .json must be JSON. */
function isJson(file: string, text: string, lines: Lines): boolean {
  try {
    JSON.parse(text.replace(/^\uFEFF/, ''));
    return true;
  } catch (error) {
    if (error instanceof RangeError) throw tooDeep(file);
    if (!/\.json$/i.test(file)) return false;
    const offset = Number(/position (\d+)/.exec((error as Error).message)?.[1] ?? 0);
    throw unreadableAt(file, lines, Math.min(offset, text.length), {
      code: 'TEMPLATE_SYNTAX',
      what: `this is no valid JSON: ${jsonReason(error as Error)}.`,
      next: 'Correct the JSON there.',
    });
  }
}

const jsonReason = (error: Error): string =>
  error.message
    .replace(/ in JSON at position.*$/s, '')
    .replace(/, ?"?\.{3}.*$/s, '')
    .replace(/\.$/, '');

function parsedYaml(file: string, text: string): Document.Parsed {
  try {
    return parseDocument(text, {
      // Looked for while converting, in linear time and with both places.
      uniqueKeys: false,
      prettyErrors: false,
      // Silent, it would not tell of a second document.
      logLevel: 'error',
      merge: false,
      schema: 'core',
    });
  } catch (error) {
    // The parser calls itself for every level.
    if (!(error instanceof RangeError)) throw error;
    throw tooDeep(file);
  }
}

const tooDeep = (file: string) =>
  unreadable(file, {
    code: 'TEMPLATE_TOO_DEEP',
    what: 'too many levels stand inside each other.',
    next: 'Flatten it.',
  });

function refuseBroken(file: string, lines: Lines, parsed: Document.Parsed): void {
  const [first] = parsed.errors;
  if (!first) return;
  // The parser keeps its own overflow as a fault of the text.
  if (/call stack/i.test(first.message)) throw tooDeep(file);
  const several = first.code === 'MULTIPLE_DOCS';
  throw unreadableAt(file, lines, first.pos[0], {
    code: several ? 'TEMPLATE_SEVERAL_DOCUMENTS' : 'TEMPLATE_SYNTAX',
    what: several
      ? 'a second YAML document begins here; a template is one.'
      : `this is no valid YAML: ${sentence(first.message)}`,
    next: several ? 'Keep one template in one file.' : 'Correct the YAML there.',
  });
}

const sentence = (text: string): string => (/[.!?]$/.test(text) ? text : `${text}.`);
