import {
  isMap,
  type MapEntry,
  type MapNode,
  type Span,
  scalarText,
  type TemplateNode,
  valueAt,
} from '../document/node.js';
import { type Assumptions, NOTHING_ASSUMED } from './conditions.js';
import { eventsOf, FUNCTION_TYPES, functionsOf, type LambdaFunction } from './functions.js';
import type { Resource, Template } from './template.js';
import { keyOf, referenceOf, type Text, textOf } from './text.js';
import type { Possibility } from './values.js';

/** One target of a rule; for SAM's events, the function that the event stands in. */
export interface RuleTarget {
  /** Where its retries and its queue are written. */
  body: MapNode;
  /** Undefined for SAM's events, which have none. */
  arn: TemplateNode | undefined;
  when: Assumptions;
}

/** An EventBridge rule: a resource of its own, or an event of a SAM function. */
export class EventRule {
  constructor(
    readonly template: Template,
    /** Logical id; for SAM's events, that of the rule that SAM makes. */
    readonly id: string,
    /** The key that it is written under. */
    readonly entry: MapEntry,
    readonly properties: MapNode | undefined,
    readonly when: Assumptions,
    /** The SAM function that it is an event of. */
    readonly owner: LambdaFunction | undefined,
    readonly resource: Resource | undefined,
  ) {}

  /** What it is called in a sentence. */
  get label(): string {
    return this.owner ? `${this.owner.id}.${this.entry.key}` : this.id;
  }

  get place(): Span {
    return this.entry.at;
  }

  at(...path: readonly string[]): Possibility[] {
    return this.template.at(this.properties, path, this.when);
  }

  /** The pattern in every branch. */
  patterns(): Possibility[] {
    return this.at(this.owner ? 'Pattern' : 'EventPattern');
  }

  targets(): RuleTarget[] {
    if (this.owner && this.properties) return [{ body: this.properties, arn: undefined, when: this.when }];
    return this.template
      .items(valueAt(this.properties, 'Targets'), this.when)
      .flatMap(({ node, when }) => (isMap(node) ? [{ body: node, arn: valueAt(node, 'Arn'), when }] : []));
  }

  /** The functions that it invokes. */
  functions(): LambdaFunction[] {
    if (this.owner) return [this.owner];
    const known = functionsOf(this.template);
    const ids = this.targets().flatMap(({ arn, when }) =>
      this.template.possibilities(arn, when).map(({ node }) => invokedFunction(this.template, node)),
    );
    return [...new Set(ids)].flatMap((id) => (id === undefined ? [] : (known.get(id) ?? [])));
  }

  /** The bus that it stands on, in every branch; no node: the default bus. */
  buses(): Possibility[] {
    return this.at('EventBusName');
  }

  /** Its name when the template states one. */
  name(): Text | undefined {
    return textOf(valueAt(this.properties, this.owner ? 'RuleName' : 'Name'));
  }
}

/** The function that an ARN invokes, itself or behind an alias or a version of it. */
export function invokedFunction(template: Template, arn: TemplateNode | undefined): string | undefined {
  const direct = template.denoted(arn, ...FUNCTION_TYPES);
  if (direct) return direct.resource.id;
  return behindAlias(template, referenceOf(arn)?.ref ?? '');
}

/** The function that an alias or a version belongs to; SAM calls those that it makes by the function's id. */
export function behindAlias(template: Template, id: string): string | undefined {
  const between = template.resources.get(id);
  if (between?.type === 'AWS::Lambda::Alias' || between?.type === 'AWS::Lambda::Version')
    return template.denoted(valueAt(between.properties, 'FunctionName'), ...FUNCTION_TYPES)?.resource.id;
  const owner = id.replace(/\.(Alias|Version)$/, '');
  return between || !functionsOf(template).has(owner) ? undefined : owner;
}

export function rulesOf(template: Template): EventRule[] {
  return template.once('rules', () => [...plainRules(template), ...samRules(template)]);
}

function plainRules(template: Template): EventRule[] {
  return template
    .ofType('AWS::Events::Rule')
    .map((one) => new EventRule(template, one.id, one.entry, one.properties, one.when, undefined, one));
}

function samRules(template: Template): EventRule[] {
  return [...functionsOf(template).values()].flatMap((owner) =>
    eventsOf(owner, 'EventBridgeRule', 'CloudWatchEvent').map((entry) => {
      const properties = valueAt(entry.value, 'Properties');
      const id = `${owner.id}${entry.key}`;
      return new EventRule(
        template,
        id,
        entry,
        isMap(properties) ? properties : undefined,
        owner.resource.when ?? NOTHING_ASSUMED,
        owner,
        undefined,
      );
    }),
  );
}

/** A partner bus, the default bus, another one, or a name that only the deployment knows. */
export type BusKind = 'partner' | 'default' | 'custom' | 'open';

const PARTNER = /^aws\.partner(\/|$)/;

/** What kind of bus a name is, as far as the template says. */
export function busKind(template: Template, bus: TemplateNode | undefined): BusKind {
  if (!bus) return 'default';
  const text = textOf(bus);
  const written = text ? keyOf(text) : '';
  if (/(^|event-bus\/)default$/.test(written)) return 'default';
  if (PARTNER.test(written) || /event-bus\/aws\.partner\//.test(written)) return 'partner';
  const parameter = template.parameterOf(bus);
  if (parameter) return parameterKind(parameter.body, scalarText(parameter.default));
  const made = referenceOf(bus) && template.resources.get(referenceOf(bus)?.ref ?? '');
  if (made?.type === 'AWS::Events::EventBus')
    return valueAt(made.properties, 'EventSourceName') ? 'partner' : 'custom';
  return bus.kind === 'scalar' ? 'custom' : 'open';
}

function parameterKind(body: MapNode, fallback: string | undefined): BusKind {
  if (fallback === 'default') return 'default';
  if (fallback !== undefined && fallback !== '') return PARTNER.test(fallback) ? 'partner' : 'custom';
  const allowed = scalarText(valueAt(body, 'AllowedPattern')) ?? '';
  return /aws\\?\.partner/.test(allowed) ? 'partner' : 'open';
}
