import type { TemplateDocument } from '../document/document.js';
import {
  isMap,
  type MapEntry,
  type MapNode,
  scalarText,
  type TemplateNode,
  valueAt,
} from '../document/node.js';
import { type Assumptions, Conditions, NOTHING_ASSUMED } from './conditions.js';
import { type Reference, referenceOf, type Text, textOf } from './text.js';
import { itemsOf, type Possibility, possibilities, possibilitiesAt } from './values.js';

export interface Resource {
  id: string;
  type: string;
  /** The logical id's own place. */
  entry: MapEntry;
  body: MapNode;
  properties: MapNode | undefined;
  condition: string | undefined;
  /** Its own condition holds: without it there is nothing to judge. */
  when: Assumptions;
}

/** Functions and routes that are Stripe's, whatever they are called. */
export interface Hints {
  /** Logical ids. */
  handlers: readonly string[];
  /** Paths, or names of SAM's events. */
  webhooks: readonly string[];
}

export interface Parameter {
  name: string;
  entry: MapEntry;
  body: MapNode;
  default: TemplateNode | undefined;
  noEcho: boolean;
}

/** How the name of a resource of that type is stated, and under which attribute it can be had. */
const NAMES: Record<string, { property: string; attribute?: string; arn: string }> = {
  'AWS::Lambda::Function': { property: 'FunctionName', arn: ':function:' },
  'AWS::Serverless::Function': { property: 'FunctionName', arn: ':function:' },
  'AWS::SQS::Queue': { property: 'QueueName', attribute: 'QueueName', arn: ':' },
  'AWS::SNS::Topic': { property: 'TopicName', attribute: 'TopicName', arn: ':' },
  'AWS::Events::Rule': { property: 'Name', attribute: '$rule-name', arn: '/' },
  'AWS::Events::EventBus': { property: 'Name', attribute: 'Name', arn: ':event-bus/' },
  'AWS::Logs::LogGroup': { property: 'LogGroupName', arn: ':log-group:' },
  'AWS::ApiGateway::RestApi': { property: 'Name', arn: '/' },
  'AWS::Serverless::Api': { property: 'Name', arn: '/' },
};

/** A template in the terms that rules think in: resources by type, values in every branch, references resolved. */
export class Template {
  readonly parameters = new Map<string, Parameter>();
  readonly resources = new Map<string, Resource>();
  readonly conditions: Conditions;
  readonly sam: boolean;
  readonly #byType = new Map<string, Resource[]>();
  readonly #kept = new Map<string, unknown>();
  readonly #nameKeys = new Map<string, string>();
  readonly #denoted = new Map<string, WeakMap<TemplateNode, Denoted | null>>();

  constructor(
    readonly document: TemplateDocument,
    /** `2026-11-28` */
    readonly today: string,
    /** What somebody said who knows. */
    readonly hints: Hints = { handlers: [], webhooks: [] },
  ) {
    const { root } = document;
    const conditions = valueAt(root, 'Conditions');
    this.conditions = new Conditions(isMap(conditions) ? conditions : undefined);
    this.#readParameters(valueAt(root, 'Parameters'));
    this.#readResources(valueAt(root, 'Resources'));
    const types = [...this.#byType.keys()];
    this.sam =
      types.some((type) => type.startsWith('AWS::Serverless::')) ||
      isSamTransform(valueAt(root, 'Transform'));
  }

  /** The resources of these types, in the template's order of types and places. */
  ofType(...types: readonly string[]): Resource[] {
    return types.flatMap((type) => this.#byType.get(type) ?? []);
  }

  /** Everything that a property can be. */
  at(node: TemplateNode | undefined, path: readonly string[], when = NOTHING_ASSUMED): Possibility[] {
    return possibilitiesAt(this.conditions, node, path, when);
  }

  /** Everything that a property of a resource can be. */
  property(resource: Resource, ...path: readonly string[]): Possibility[] {
    return this.at(resource.properties, path, resource.when);
  }

  items(node: TemplateNode | undefined, when = NOTHING_ASSUMED): Possibility[] {
    return itemsOf(this.conditions, node, when);
  }

  possibilities(node: TemplateNode | undefined, when = NOTHING_ASSUMED): Possibility[] {
    return possibilities(this.conditions, node, when);
  }

  /** Worked out once for all rules. */
  once<T>(what: string, work: () => T): T {
    if (!this.#kept.has(what)) this.#kept.set(what, work());
    return this.#kept.get(what) as T;
  }

  /** The parameter that a node is a reference to. */
  parameterOf(node: TemplateNode | undefined): Parameter | undefined {
    const reference = referenceOf(node);
    return reference && reference.attribute === undefined ? this.parameters.get(reference.ref) : undefined;
  }

  /** What a scalar says; for a reference to a parameter, its default. */
  plainText(node: TemplateNode | undefined): string | undefined {
    return scalarText(node) ?? scalarText(this.parameterOf(node)?.default);
  }

  /**
   * The resource, of one of these types, that a node stands for: by reference, by a name written out, or by an ARN that
   * ends with it; and in which form.
   */
  denoted(node: TemplateNode | undefined, ...types: readonly string[]): Denoted | undefined {
    if (!node) return undefined;
    const key = types.join();
    let known = this.#denoted.get(key);
    if (!known) {
      known = new WeakMap();
      this.#denoted.set(key, known);
    }
    let found = known.get(node);
    if (found === undefined) {
      found = this.#lookUp(node, types) ?? null;
      known.set(node, found);
    }
    return found ?? undefined;
  }

  /** The physical name as a comparable text: what the template says, else a reference to it. */
  nameKey(resource: Resource): string {
    const known = this.#nameKeys.get(resource.id);
    if (known !== undefined) return known;
    const key = this.#nameKeyOf(resource);
    this.#nameKeys.set(resource.id, key);
    return key;
  }

  #nameKeyOf(resource: Resource): string {
    const property = NAMES[resource.type]?.property;
    const stated = property === undefined ? undefined : textOf(valueAt(resource.properties, property));
    return stated && stated.length > 0 ? this.canonical(stated, resource.id) : `\${${resource.id}}`;
  }

  /** A text in which every reference to a name is replaced by the name as it is written, so that two can be compared. */
  canonical(text: Text, within?: string): string {
    return text.map((part) => (typeof part === 'string' ? part : this.#canonicalPart(part, within))).join('');
  }

  #lookUp(node: TemplateNode, types: readonly string[]): Denoted | undefined {
    const text = textOf(node);
    if (!text) return undefined;
    const reference = referenceOf(node);
    const direct = reference && this.resources.get(reference.ref);
    if (direct && types.includes(direct.type)) return { resource: direct, form: formOf(direct, reference) };
    const written = this.canonical(text);
    for (const resource of this.ofType(...types)) {
      const name = this.nameKey(resource);
      if (written === name) return { resource, form: 'name' };
      const arn = NAMES[resource.type]?.arn;
      if (arn !== undefined && /^arn:/.test(written) && written.endsWith(arn + name))
        return { resource, form: 'arn' };
    }
    return undefined;
  }

  #canonicalPart(part: Reference, within: string | undefined): string {
    const resource = this.resources.get(part.ref);
    if (!resource || resource.id === within)
      return `\${${part.attribute === undefined ? part.ref : `${part.ref}.${part.attribute}`}}`;
    const named = formOf(resource, part) === 'name';
    if (named) return this.nameKey(resource);
    return `\${${resource.id}.${part.attribute ?? 'Ref'}}`;
  }

  #readParameters(section: TemplateNode | undefined): void {
    if (!isMap(section)) return;
    for (const entry of section.entries.values()) {
      if (!isMap(entry.value)) continue;
      this.parameters.set(entry.key, {
        name: entry.key,
        entry,
        body: entry.value,
        default: valueAt(entry.value, 'Default'),
        noEcho: /^(true|yes|on)$/i.test(scalarText(valueAt(entry.value, 'NoEcho')) ?? ''),
      });
    }
  }

  #readResources(section: TemplateNode | undefined): void {
    if (!isMap(section)) return;
    for (const entry of section.entries.values()) {
      const type = scalarText(valueAt(entry.value, 'Type'));
      if (!isMap(entry.value) || type === undefined) continue;
      const properties = valueAt(entry.value, 'Properties');
      const condition = scalarText(valueAt(entry.value, 'Condition'));
      const resource: Resource = {
        id: entry.key,
        type,
        entry,
        body: entry.value,
        properties: isMap(properties) ? properties : undefined,
        condition,
        when: (condition && this.conditions.assume(NOTHING_ASSUMED, condition, true)) || NOTHING_ASSUMED,
      };
      this.resources.set(entry.key, resource);
      const others = this.#byType.get(type);
      if (others) others.push(resource);
      else this.#byType.set(type, [resource]);
    }
  }
}

export interface Denoted {
  resource: Resource;
  /** `other`: an attribute that is neither. */
  form: 'name' | 'arn' | 'other';
}

/** What a reference to that resource gives. */
function formOf(resource: Resource, { attribute }: Reference): Denoted['form'] {
  if (attribute === 'Arn' || attribute === 'TopicArn') return 'arn';
  if (attribute === undefined) {
    if (resource.type === 'AWS::SNS::Topic') return 'arn';
    // A queue's is its URL, a rule's is bus and rule, an API's is its id.
    return [
      'AWS::SQS::Queue',
      'AWS::Events::Rule',
      'AWS::ApiGateway::RestApi',
      'AWS::Serverless::Api',
    ].includes(resource.type)
      ? 'other'
      : 'name';
  }
  return attribute === NAMES[resource.type]?.attribute ? 'name' : 'other';
}

function isSamTransform(node: TemplateNode | undefined): boolean {
  const names = node?.kind === 'list' ? node.items : [node];
  return names.some((name) => scalarText(name)?.startsWith('AWS::Serverless-'));
}
