import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { parseTemplate, type TemplateResource } from '../../src/stack/template.js';

export const TEMPLATE_PATH = fileURLToPath(new URL('../../infra/template.yaml', import.meta.url));
export const templateText = readFileSync(TEMPLATE_PATH, 'utf8');
export const template = parseTemplate(templateText);

export interface Tag {
  Key: string;
  Value: unknown;
}

/** Logical ids and resources of a type. */
export function resourcesOf(type: string): [string, TemplateResource][] {
  return Object.entries(template.Resources).filter(([, resource]) => resource.Type === type);
}

export function resource(logicalId: string): TemplateResource {
  const found = template.Resources[logicalId];
  if (!found) throw new Error(`the template has no ${logicalId}`);
  return found;
}

/** A property by path, `Code.S3Key`. */
export function property(logicalId: string, path: string): unknown {
  return path
    .split('.')
    .reduce<unknown>(
      (value, key) => (value as Record<string, unknown> | undefined)?.[key],
      resource(logicalId).Properties,
    );
}
