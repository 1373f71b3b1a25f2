import { valueAt } from '../document/node.js';
import { routesOf, type Webhook } from './apis.js';
import { functionsOf } from './functions.js';
import { rulesOf } from './rules.js';
import type { Template } from './template.js';

/** Conditions under which something exists; more than one: it exists where any of them holds. */
export type ConditionsOf = (id: string) => readonly string[];

/** The conditions of a logical id: of what the template has, and of what SAM makes from it. */
export function conditionsOfIds(template: Template): ConditionsOf {
  const made = template.once('conditions of what SAM makes', () => conditionsOfMade(template));
  return (id) => {
    const own = template.resources.get(id);
    if (own) return own.condition === undefined ? [] : [own.condition];
    return made.get(id) ?? [];
  };
}

function conditionsOfMade(template: Template): Map<string, readonly string[]> {
  const made = new Map<string, readonly string[]>();
  for (const { id, owner } of rulesOf(template))
    if (owner?.resource.condition !== undefined) {
      made.set(id, [owner.resource.condition]);
      made.set(`${id}Queue`, [owner.resource.condition]);
    }
  for (const one of functionsOf(template).values())
    if (one.resource.condition !== undefined)
      made.set(`${one.id}EventInvokeConfigOnFailureQueue`, [one.resource.condition]);
  made.set('ServerlessHttpApi', ofImplicitApi(template, 'http'));
  made.set('ServerlessRestApi', ofImplicitApi(template, 'rest'));
  return made;
}

/** SAM's own API exists where one of the functions does that have a route on it. */
function ofImplicitApi(template: Template, kind: Webhook['kind']): readonly string[] {
  const routes = routesOf(template).filter((one) => one.implicit && one.kind === kind);
  const conditions = routes.map(({ handler }) => handler?.resource.condition);
  if (conditions.some((one) => one === undefined)) return [];
  return [...new Set(conditions.filter((one) => one !== undefined))];
}

/** A logical id that nothing has: the base, or the base with a number. */
export function freeId(template: Template, base: string): string {
  const clean = base.replace(/[^A-Za-z0-9]/g, '');
  for (let number = 1; ; number++) {
    const id = number === 1 ? clean : `${clean}${number}`;
    if (!isTaken(template, id)) return id;
  }
}

/** Parameters and resources share their names; the rest would be confusing. */
function isTaken(template: Template, id: string): boolean {
  if (template.resources.has(id) || template.parameters.has(id) || idsMade(template).has(id)) return true;
  const { root } = template.document;
  return ['Resources', 'Conditions', 'Mappings'].some((section) => valueAt(root, section, id) !== undefined);
}

/** Logical ids that SAM gives to what it makes. */
function idsMade(template: Template): ReadonlySet<string> {
  return template.once('ids that SAM makes', () => {
    const ids = new Set(['ServerlessHttpApi', 'ServerlessRestApi']);
    for (const one of functionsOf(template).values())
      if (one.sam)
        for (const suffix of ['Role', 'Url', 'UrlPublicPermissions', 'EventInvokeConfig'])
          ids.add(one.id + suffix);
    for (const { id, owner } of rulesOf(template))
      if (owner) for (const suffix of ['', 'Permission', 'Queue', 'QueuePolicy']) ids.add(id + suffix);
    return ids;
  });
}
