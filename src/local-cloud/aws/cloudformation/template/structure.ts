import { validationError } from '../errors.js';
import { isObject, type Json, type JsonObject, type OutputDeclaration, type Template } from './model.js';
import { declareParameter } from './parameter-declaration.js';
import { parseTemplateText } from './parse.js';
import { declareResource } from './resource-declaration.js';

const SECTIONS = [
  'AWSTemplateFormatVersion',
  'Description',
  'Metadata',
  'Parameters',
  'Rules',
  'Mappings',
  'Conditions',
  'Transform',
  'Hooks',
  'Globals',
  'Resources',
  'Outputs',
];
/** Sizes that AWS documents for a template's sections. */
const LIMITS: [string, number][] = [
  ['Parameters', 200],
  ['Mappings', 200],
  ['Resources', 500],
  ['Outputs', 200],
];

/** Reads a template and checks its structure; throws `ValidationError`. Names inside functions are checked by `checkReferences`. */
export function readTemplate(body: string): Template {
  const raw = parseTemplateText(body);
  checkSections(raw);
  return {
    ...(typeof raw.Description === 'string' ? { description: raw.Description } : {}),
    ...(isObject(raw.Metadata) ? { metadata: raw.Metadata } : {}),
    ...(raw.AWSTemplateFormatVersion === undefined ? {} : { version: String(raw.AWSTemplateFormatVersion) }),
    transforms:
      raw.Transform === undefined
        ? []
        : [raw.Transform].flat().map((item) => (isObject(item) ? String(item.Name) : String(item))),
    parameters: mapSection(raw, 'Parameters', declareParameter),
    mappings: mapSection(raw, 'Mappings', declareMapping),
    conditions: section(raw, 'Conditions'),
    resources: mapSection(raw, 'Resources', declareResource),
    outputs: mapSection(raw, 'Outputs', declareOutput),
  };
}

/** The local cloud runs no macros: a template that needs one is refused by name. */
export function refuseTransforms(template: Template): void {
  if (template.transforms.length === 0) return;
  throw validationError(
    `The local cloud does not run transforms: [${template.transforms.join(', ')}]. Submit the template as the transform leaves it (for SAM: what the SAM translator writes).`,
  );
}

function checkSections(raw: JsonObject): void {
  const unknown = Object.keys(raw).filter((key) => !SECTIONS.includes(key));
  if (unknown.length > 0)
    throw validationError(`Invalid template property or properties [${unknown.join(', ')}]`);
  for (const name of ['Rules', 'Hooks'])
    if (raw[name] !== undefined)
      throw validationError(`The local cloud does not support the template section ${name}.`);
  const version = raw.AWSTemplateFormatVersion;
  if (version !== undefined && version !== '2010-09-09')
    throw validationError(`Template format error: unsupported value for AWSTemplateFormatVersion.`);
  if (typeof raw.Description === 'string' && Buffer.byteLength(raw.Description) > 1024)
    throw validationError('Template format error: Template description is longer than 1024 bytes.');
  for (const [name, limit] of LIMITS) checkLimit(raw, name, limit);
  if (!isObject(raw.Resources) || Object.keys(raw.Resources).length === 0)
    throw validationError('Template format error: At least one Resources member must be defined.');
}

function checkLimit(raw: JsonObject, name: string, limit: number): void {
  const count = isObject(raw[name]) ? Object.keys(raw[name]).length : 0;
  if (count > limit)
    throw validationError(
      `Template format error: Number of ${name.toLowerCase()}, ${count}, is greater than maximum allowed, ${limit}`,
    );
}

function section(raw: JsonObject, name: string): JsonObject {
  const value = raw[name];
  if (value === undefined || value === null) return {};
  if (!isObject(value)) throw validationError(`Template format error: ${name} must be an object.`);
  return value;
}

function mapSection<T>(
  raw: JsonObject,
  name: string,
  declare: (id: string, value: Json) => T,
): Record<string, T> {
  const declared: Record<string, T> = {};
  for (const [id, value] of Object.entries(section(raw, name))) {
    if (!/^[A-Za-z0-9]{1,255}$/.test(id))
      throw validationError(`Template format error: ${name.slice(0, -1)} name ${id} is non alphanumeric.`);
    declared[id] = declare(id, value);
  }
  return declared;
}

function declareMapping(id: string, value: Json): Record<string, Record<string, Json>> {
  if (!isObject(value) || !Object.values(value).every(isObject))
    throw validationError(`Template format error: Every Mappings member ${id} must be a map of maps.`);
  return value as Record<string, Record<string, Json>>;
}

function declareOutput(id: string, value: Json): OutputDeclaration {
  if (!isObject(value) || value.Value === undefined || value.Value === null)
    throw validationError(
      `Template format error: Output ${id} is malformed: every Outputs member must contain a Value object`,
    );
  const unknown = Object.keys(value).filter(
    (key) => !['Value', 'Description', 'Condition', 'Export'].includes(key),
  );
  if (unknown.length > 0)
    throw validationError(`Template format error: Output ${id} has unknown members [${unknown.join(', ')}]`);
  const exported = isObject(value.Export) ? value.Export.Name : undefined;
  return {
    value: value.Value,
    ...(typeof value.Description === 'string' ? { description: value.Description } : {}),
    ...(typeof value.Condition === 'string' ? { condition: value.Condition } : {}),
    ...(exported === undefined ? {} : { exportName: exported }),
  };
}
