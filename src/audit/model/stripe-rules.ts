import { everythingIn, isMap, scalarText, type TemplateNode, valueAt } from '../document/node.js';
import { type Evidence, type Recognition, recognise, strongest } from './evidence.js';
import { literalsOf } from './names.js';
import { busKind, type EventRule, rulesOf } from './rules.js';
import { namesOtherService, namesStripe } from './secret-names.js';
import { weightOfType } from './stripe-words.js';
import type { Template } from './template.js';
import { keyOf, referenceOf, textOf } from './text.js';

export interface RecognisedRule {
  rule: EventRule;
  recognition: Recognition;
}

/** The rules that take Stripe's events, as far as the evidence goes. */
export function stripeRulesOf(template: Template): RecognisedRule[] {
  return template.once('stripe rules', () =>
    rulesOf(template).flatMap((rule) => {
      const recognition = recognise(evidenceFor(rule));
      return recognition ? [{ rule, recognition }] : [];
    }),
  );
}

function evidenceFor(rule: EventRule): Evidence[] {
  const { template } = rule;
  const patterns = rule.patterns().flatMap(({ node }) => (node ? [node] : []));
  const buses = rule.buses().flatMap(({ node }) => (node ? [node] : []));
  return [
    ...strongest(patterns.flatMap((node) => sourceEvidence(template, node))),
    ...typeEvidence(patterns.flatMap(typesIn)),
    ...strongest(buses.flatMap((node) => busEvidence(template, node))),
    ...nameEvidence(rule),
    ...(sendsOut(rule) ? [{ weight: -6, words: 'it sends to an API' }] : []),
  ];
}

function sourceEvidence(template: Template, pattern: TemplateNode): Evidence[] {
  const source = valueAt(pattern, 'source');
  if (!source) return [];
  return [...everythingIn(source)].flatMap((node): Evidence[] => {
    const text = scalarText(node);
    if (text !== undefined && namesStripe(text))
      return [{ weight: 3, words: `the source ${text} in its pattern` }];
    return busEvidence(template, node);
  });
}

/** The types that a pattern names, wherever in the event they stand: relays have envelopes of their own. */
function typesIn(pattern: TemplateNode): string[] {
  if (isMap(pattern))
    return [...pattern.entries.values()].flatMap(({ key, value }) =>
      /type$/i.test(key) && !isMap(value)
        ? [...everythingIn(value)].flatMap((node) => scalarText(node) ?? [])
        : typesIn(value),
    );
  return pattern.kind === 'list' ? pattern.items.flatMap(typesIn) : [];
}

function typeEvidence(types: readonly string[]): Evidence[] {
  return strongest(
    types.flatMap((type) => {
      const weight = weightOfType(type);
      return weight === 0 ? [] : [{ weight, words: `the type ${type} in its pattern` }];
    }),
  );
}

function busEvidence(template: Template, node: TemplateNode): Evidence[] {
  if (node.kind !== 'scalar' && node.kind !== 'call') return [];
  const text = textOf(node);
  const written = text ? keyOf(text) : '';
  if (/stripe\.com/.test(written)) return [{ weight: 3, words: `its bus ${written}` }];
  const parameter = template.parameterOf(node);
  const bus = template.resources.get(referenceOf(node)?.ref ?? '');
  const said = parameter
    ? [parameter.name, ...everythingIn(parameter.body)].map((one) =>
        typeof one === 'string' ? one : (scalarText(one) ?? ''),
      )
    : bus?.type === 'AWS::Events::EventBus'
      ? [bus.id, ...(bus.properties ? everythingIn(bus.properties) : [])].map((one) =>
          typeof one === 'string' ? one : literalsOf(one),
        )
      : [];
  if (said.some((one) => namesStripe(one))) return [{ weight: 3, words: `its bus ${written}` }];
  // A partner's, and nobody says whose.
  const open = busKind(template, node) === 'partner' && !said.some((one) => namesOtherService(one));
  return open && (parameter || bus) ? [{ weight: 2, words: `its bus ${written}, a partner's` }] : [];
}

/** Whether it hands its events to an API elsewhere, as those do that call Stripe. */
function sendsOut(rule: EventRule): boolean {
  const { template } = rule;
  const targets = rule.targets().flatMap(({ arn, when }) => template.possibilities(arn, when));
  return (
    targets.length > 0 &&
    targets.every(
      ({ node }) =>
        template.resources.get(referenceOf(node)?.ref ?? '')?.type === 'AWS::Events::ApiDestination',
    )
  );
}

function nameEvidence(rule: EventRule): Evidence[] {
  const stated = rule.name();
  const names = [
    rule.label,
    stated ? keyOf(stated) : '',
    ...rule.at('Description').map(({ node }) => literalsOf(node)),
    ...rule.functions().map((one) => one.id),
  ];
  const name = names.find((one) => namesStripe(one));
  return name === undefined ? [] : [{ weight: 1, words: `the name ${name}` }];
}
