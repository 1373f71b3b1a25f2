import { isMap, type MapEntry, scalarText, valueAt } from '../document/node.js';
import type { Resource, Template } from './template.js';
import { referenceOf } from './text.js';
import type { Possibility } from './values.js';

export const FUNCTION_TYPES = ['AWS::Serverless::Function', 'AWS::Lambda::Function'] as const;

/** A Lambda function, SAM's or plain. */
export class LambdaFunction {
  readonly id: string;
  readonly sam: boolean;

  constructor(
    readonly template: Template,
    readonly resource: Resource,
  ) {
    this.id = resource.id;
    this.sam = resource.type === 'AWS::Serverless::Function';
  }

  /** Everything that a property can be; SAM's `Globals` stand in where the function says nothing. */
  at(...path: readonly string[]): Possibility[] {
    return this.template.property(this.resource, ...path).flatMap((own) => {
      if (own.node || !this.sam || !path.length) return [own];
      const globals = valueAt(this.template.document.root, 'Globals', 'Function');
      return this.template.at(globals, path, own.when).map((one) => (one.node ? one : own));
    });
  }

  /** Environment variables: the function's own, then those from `Globals`. */
  variables(): MapEntry[] {
    const own = this.template
      .property(this.resource, 'Environment', 'Variables')
      .flatMap(({ node }) => (isMap(node) ? [...node.entries.values()] : []));
    const globals = this.sam
      ? valueAt(this.template.document.root, 'Globals', 'Function', 'Environment', 'Variables')
      : undefined;
    const names = new Set(own.map((entry) => entry.key));
    return [
      ...own,
      ...(isMap(globals) ? [...globals.entries.values()].filter((one) => !names.has(one.key)) : []),
    ];
  }

  /** The role in this template that it runs with; undefined: SAM makes one, or it stands elsewhere. */
  role(): Resource | undefined {
    const reference = this.at('Role')
      .map(({ node }) => referenceOf(node))
      .find((one) => one !== undefined);
    const role = reference && this.template.resources.get(reference.ref);
    return role?.type === 'AWS::IAM::Role' ? role : undefined;
  }

  /** Whether SAM makes the role, and adds to it what the function's properties need. */
  roleIsMade(): boolean {
    return this.sam && this.at('Role').every(({ node }) => node === undefined);
  }
}

export function functionsOf(template: Template): ReadonlyMap<string, LambdaFunction> {
  return template.once(
    'functions',
    () =>
      new Map(template.ofType(...FUNCTION_TYPES).map((one) => [one.id, new LambdaFunction(template, one)])),
  );
}

/** What SAM's events of these types say: their ids and bodies. */
export function eventsOf(one: LambdaFunction, ...types: readonly string[]): MapEntry[] {
  if (!one.sam) return [];
  const events = valueAt(one.resource.properties, 'Events');
  if (!isMap(events)) return [];
  return [...events.entries.values()].filter((entry) =>
    types.includes(scalarText(valueAt(entry.value, 'Type')) ?? ''),
  );
}
