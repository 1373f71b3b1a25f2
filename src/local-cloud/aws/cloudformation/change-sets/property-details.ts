import type { Properties } from '../../../kernel/resource-type.js';
import { changedProperties, replaces } from '../engine/differences.js';
import type { Json } from '../template/model.js';
import { usesOf } from '../template/references.js';
import { KNOWN_AFTER_APPLY } from '../template/scope.js';
import type { ChangeDetail } from './changes.js';
import type { Predicted, Prediction } from './predict.js';
import { asText } from './text.js';

/** Why and how each property of an existing resource would change. */
export function propertyDetails(
  predicted: Predicted,
  prediction: Prediction,
  before: Properties,
  hide: (text: string) => string,
): ChangeDetail[] {
  const { logicalId, type, properties } = prediction;
  const declared = predicted.view.template.resources[logicalId]?.properties ?? {};
  const changed = changedProperties(before, properties);
  const details = changed.map((name) =>
    detail(predicted, prediction, name, declared[name], before[name], properties[name], hide),
  );
  // An attribute of something that changes in place may change with it: nobody knows before it has.
  for (const name of Object.keys(properties)) {
    if (changed.includes(name)) continue;
    const source = usesOf(declared[name]).references.find(
      ({ name: id, attribute }) => attribute !== undefined && predicted.byId.get(id)?.need === 'update',
    );
    if (!source) continue;
    details.push({
      Target: {
        Attribute: 'Properties',
        Name: name,
        RequiresRecreation: replaces(type, name) ? 'Always' : 'Never',
        Path: `/Properties/${name}`,
      },
      Evaluation: 'Dynamic',
      ChangeSource: 'ResourceAttribute',
      CausingEntity: `${source.name}.${source.attribute}`,
    });
  }
  return details;
}

function detail(
  predicted: Predicted,
  { type }: Prediction,
  name: string,
  declared: Json | undefined,
  before: unknown,
  after: unknown,
  hide: (text: string) => string,
): ChangeDetail {
  const later = JSON.stringify(after ?? null).includes(KNOWN_AFTER_APPLY);
  return {
    Target: {
      Attribute: name === 'Tags' ? 'Tags' : 'Properties',
      ...(name === 'Tags' ? {} : { Name: name }),
      RequiresRecreation: replaces(type, name) ? 'Always' : 'Never',
      Path: `/Properties/${name}`,
      ...(before === undefined ? {} : { BeforeValue: hide(asScalar(before)) }),
      ...(after === undefined ? {} : { AfterValue: hide(asScalar(after)) }),
      AttributeChangeType: before === undefined ? 'Add' : after === undefined ? 'Remove' : 'Modify',
    },
    Evaluation: later ? 'Dynamic' : 'Static',
    ...sourceOf(predicted, declared, later),
  };
}

function sourceOf(
  predicted: Predicted,
  declared: Json | undefined,
  later: boolean,
): Pick<ChangeDetail, 'ChangeSource' | 'CausingEntity'> {
  const { references } = usesOf(declared);
  if (later) {
    const target = references.find(({ name }) =>
      ['create', 'replace'].includes(predicted.byId.get(name)?.need ?? ''),
    );
    if (target?.attribute !== undefined)
      return { ChangeSource: 'ResourceAttribute', CausingEntity: `${target.name}.${target.attribute}` };
    if (target) return { ChangeSource: 'ResourceReference', CausingEntity: target.name };
  }
  const parameter = references.find(({ name }) => Object.hasOwn(predicted.view.template.parameters, name));
  if (parameter) return { ChangeSource: 'ParameterReference', CausingEntity: parameter.name };
  return { ChangeSource: 'DirectModification' };
}

function asScalar(value: unknown): string {
  return typeof value === 'object' ? JSON.stringify(asText(value)) : String(value);
}
