import type { Template, TemplateResource } from './template.js';

/** The resources whose condition holds under these parameters; one whose condition cannot be decided counts. */
export function resourcesThatApply(
  template: Template,
  parameters: Record<string, string>,
): TemplateResource[] {
  return Object.values(underConditions(template, parameters).Resources);
}

/** The template with only the resources whose condition holds under these parameters, or cannot be decided. */
export function underConditions(template: Template, parameters: Record<string, string>): Template {
  const holds = (name: string): boolean => decided(name, template, parameters) !== false;
  const Resources = Object.fromEntries(
    Object.entries(template.Resources).filter(
      ([, { Condition: condition }]) => typeof condition !== 'string' || holds(condition),
    ),
  );
  return { ...template, Resources };
}

/** Whether a condition holds under these parameters; undefined where that cannot be told. */
export function decided(
  name: string,
  template: Template,
  parameters: Record<string, string>,
): boolean | undefined {
  const value = evaluate(template.Conditions?.[name], template, parameters);
  return typeof value === 'boolean' ? value : undefined;
}

/** A condition's value, as far as it can be told from the parameters: text, truth, or undefined. */
function evaluate(
  node: unknown,
  template: Template,
  parameters: Record<string, string>,
): string | boolean | undefined {
  if (typeof node === 'string') return node;
  if (typeof node === 'number' || typeof node === 'boolean') return String(node);
  if (typeof node !== 'object' || node === null) return undefined;
  const [name, argument] = Object.entries(node)[0] ?? [];
  const all = (list: unknown) => (list as unknown[]).map((item) => evaluate(item, template, parameters));
  switch (name) {
    case 'Ref':
      return parameters[argument as string] ?? defaultOf(template, argument as string);
    case 'Condition':
      return evaluate(template.Conditions?.[argument as string], template, parameters);
    case 'Fn::Equals': {
      const [left, right] = all(argument);
      return left === undefined || right === undefined ? undefined : left === right;
    }
    case 'Fn::Not': {
      const [value] = all(argument);
      return value === undefined ? undefined : !value;
    }
    case 'Fn::And': {
      const values = all(argument);
      return values.includes(false) ? false : values.includes(undefined) ? undefined : true;
    }
    case 'Fn::Or': {
      const values = all(argument);
      return values.includes(true) ? true : values.includes(undefined) ? undefined : false;
    }
    case 'Fn::Join': {
      // Of a list parameter: its text, joined anew.
      const [separator, list] = argument as [string, unknown];
      const text = Array.isArray(list) ? undefined : evaluate(list, template, parameters);
      return typeof text === 'string' ? text.split(',').join(separator) : undefined;
    }
    default:
      return undefined;
  }
}

function defaultOf(template: Template, name: string): string | undefined {
  const value = template.Parameters?.[name]?.Default;
  return value === undefined ? undefined : String(value);
}
