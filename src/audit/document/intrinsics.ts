const NAMES = [
  'Ref',
  'Condition',
  'Fn::And',
  'Fn::Base64',
  'Fn::Cidr',
  'Fn::Contains',
  'Fn::EachMemberEquals',
  'Fn::EachMemberIn',
  'Fn::Equals',
  'Fn::FindInMap',
  'Fn::GetAtt',
  'Fn::GetAZs',
  'Fn::GetStackOutput',
  'Fn::If',
  'Fn::ImportValue',
  'Fn::Join',
  'Fn::Length',
  'Fn::Not',
  'Fn::Or',
  'Fn::RefAll',
  'Fn::Select',
  'Fn::Split',
  'Fn::Sub',
  'Fn::ToJsonString',
  'Fn::Transform',
  'Fn::ValueOf',
  'Fn::ValueOfAll',
] as const;

/** CloudFormation's own functions, by the name of their full form. */
export type Intrinsic = (typeof NAMES)[number];

const BY_NAME: ReadonlySet<string> = new Set(NAMES);
const BY_TAG: ReadonlyMap<string, Intrinsic> = new Map(
  NAMES.map((name) => [`!${name.replace(/^Fn::/, '')}`, name]),
);

/** Every tag of a short form: `!Ref`, `!GetAtt`. */
export const TAGS: readonly string[] = [...BY_TAG.keys()];

export const intrinsicByTag = (tag: string): Intrinsic | undefined => BY_TAG.get(tag);

export const isIntrinsic = (name: string): name is Intrinsic => BY_NAME.has(name);

export const tagOf = (name: Intrinsic): string => `!${name.replace(/^Fn::/, '')}`;
