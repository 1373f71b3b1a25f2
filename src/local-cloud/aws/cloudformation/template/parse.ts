import { parseDocument } from 'yaml';
import { validationError } from '../errors.js';
import { jsonErrorPlace } from './json-error.js';
import { isObject, type JsonObject } from './model.js';
import { shortForms } from './yaml-tags.js';

/** What was read last, as JSON: a stack's template is asked for at every look at the stack. */
const recent = new Map<string, string>();
const RECENT = 8;

/** Reads template text, JSON or YAML with short-form functions. Throws `ValidationError` as CloudFormation words it. */
export function parseTemplateText(body: string): JsonObject {
  const value = body.trimStart().startsWith('{') ? parseJson(body) : parseYaml(body);
  if (!isObject(value)) throw validationError('Template format error: unsupported structure.');
  return value;
}

function parseJson(body: string): unknown {
  try {
    return JSON.parse(body);
  } catch {
    const { line, column } = jsonErrorPlace(body);
    throw validationError(`Template format error: JSON not well-formed. (line ${line}, column ${column})`);
  }
}

function parseYaml(body: string): unknown {
  const known = recent.get(body);
  if (known !== undefined) return JSON.parse(known);
  const read = yamlToJson(body);
  const [oldest] = recent.keys();
  if (recent.size >= RECENT && oldest !== undefined) recent.delete(oldest);
  recent.set(body, read);
  return JSON.parse(read);
}

function yamlToJson(body: string): string {
  const document = parseDocument(body, { customTags: shortForms, schema: 'core', uniqueKeys: true });
  const problem = document.errors[0];
  if (problem) {
    const position = problem.linePos?.[0];
    throw validationError(
      `Template format error: YAML not well-formed. (line ${position?.line ?? '?'}, column ${position?.col ?? '?'})`,
    );
  }
  const unknownTag = document.warnings.find((warning) => warning.code === 'TAG_RESOLVE_FAILED');
  if (unknownTag) throw validationError(`Template format error: ${unknownTag.message.split('\n')[0]}`);
  // References may repeat a value, but never so often that a small text becomes a huge one.
  return JSON.stringify(document.toJS({ maxAliasCount: 100 })) ?? 'null';
}
