import { validationError } from '../errors.js';
import { TWO_ARGUMENTS } from './check-functions.js';
import { resolve } from './intrinsics.js';
import { intrinsic, type Json } from './model.js';
import type { Scope } from './scope.js';

/** One condition function: Equals, And, Or, Not, or the name of another condition. */
export function evaluateCondition(condition: Json, scope: Scope): boolean {
  const call = intrinsic(condition);
  if (!call) throw malformed(JSON.stringify(condition));
  const [name, argument] = call;
  if (name === 'Condition' && typeof argument === 'string') return scope.condition(argument);
  if (!Array.isArray(argument)) throw malformed(name);
  const all = () => argument.map((item) => evaluateCondition(item, scope));
  switch (name) {
    case 'Fn::Equals':
      if (argument.length !== 2) throw validationError(TWO_ARGUMENTS[name]);
      return sameText(resolve(argument[0] as Json, scope), resolve(argument[1] as Json, scope));
    case 'Fn::Not':
      if (argument.length !== 1) throw malformed(name);
      return !all()[0];
    case 'Fn::And':
    case 'Fn::Or':
      if (argument.length < 2 || argument.length > 10) throw malformed(name);
      return name === 'Fn::And' ? all().every(Boolean) : all().some(Boolean);
    default:
      throw malformed(name);
  }
}

/** The template's conditions by name, each evaluated once, whatever order they are written in. */
export function conditionLookup(conditions: Record<string, Json>, scope: Scope): (name: string) => boolean {
  const known = new Map<string, boolean>();
  const running = new Set<string>();
  const lookup = (name: string): boolean => {
    const done = known.get(name);
    if (done !== undefined) return done;
    const condition = conditions[name];
    if (condition === undefined)
      throw validationError(`Template format error: Unresolved condition dependency ${name}`);
    if (running.has(name))
      throw validationError(
        `Template format error: Circular dependency between conditions: [${[...running].join(', ')}]`,
      );
    running.add(name);
    const value = evaluateCondition(condition, { ...scope, condition: lookup });
    running.delete(name);
    known.set(name, value);
    return value;
  };
  return lookup;
}

function sameText(one: Json, other: Json): boolean {
  if (typeof one === 'object' || typeof other === 'object')
    return JSON.stringify(one) === JSON.stringify(other);
  return String(one) === String(other);
}

function malformed(what: string) {
  return validationError(
    `Template validation error: Template error: every ${what} object requires condition functions or condition names as its list argument.`,
  );
}
