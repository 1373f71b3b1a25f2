import { type CollectionTag, isMap, isSeq, type ScalarTag, type Tags, YAMLMap, YAMLSeq } from 'yaml';

/** The functions that have a short form. `!Ref` and `!Condition` keep their name; the others become `Fn::<name>`. */
const FUNCTIONS = [
  'And',
  'Base64',
  'Cidr',
  'Equals',
  'FindInMap',
  'ForEach',
  'GetAtt',
  'GetAZs',
  'If',
  'ImportValue',
  'Join',
  'Length',
  'Not',
  'Or',
  'Select',
  'Split',
  'Sub',
  'ToJsonString',
  'Transform',
];

function longForm(name: string, argument: unknown): Record<string, unknown> {
  if (name === 'Ref' || name === 'Condition') return { [name]: argument };
  if (name === 'GetAtt' && typeof argument === 'string') {
    const dot = argument.indexOf('.');
    return { 'Fn::GetAtt': dot < 0 ? [argument] : [argument.slice(0, dot), argument.slice(dot + 1)] };
  }
  return { [`Fn::${name}`]: argument };
}

function scalarTag(name: string): ScalarTag {
  return { tag: `!${name}`, resolve: (source) => longForm(name, source) };
}

function collectionTag(name: string, collection: 'seq' | 'map'): CollectionTag {
  return {
    tag: `!${name}`,
    collection,
    resolve: (node) => {
      const wrapped = new YAMLMap();
      wrapped.set(name === 'Ref' || name === 'Condition' ? name : `Fn::${name}`, untagged(node));
      return wrapped;
    },
  };
}

/** The collection itself without its tag, so that it reads as a plain list or map. */
function untagged(node: YAMLMap.Parsed | YAMLSeq.Parsed): YAMLMap | YAMLSeq {
  const plain = isSeq(node) ? new YAMLSeq() : new YAMLMap();
  for (const item of node.items) {
    if (isMap(plain)) plain.items.push(item as (typeof plain.items)[number]);
    else plain.items.push(item);
  }
  return plain;
}

/** Custom tags for CloudFormation's short forms: `!Sub x`, `!Join [a, [b]]`, `!If [c, d, e]`, … */
export const shortForms: Tags = ['Ref', 'Condition', ...FUNCTIONS].flatMap((name) => [
  scalarTag(name),
  collectionTag(name, 'seq'),
  collectionTag(name, 'map'),
]);
