import type { Template } from './model.js';

/** IAM types that need an acknowledgement, and the property that gives the thing a fixed name. */
const IAM_TYPES: Record<string, string | undefined> = {
  'AWS::IAM::AccessKey': undefined,
  'AWS::IAM::Group': 'GroupName',
  'AWS::IAM::InstanceProfile': 'InstanceProfileName',
  'AWS::IAM::ManagedPolicy': 'ManagedPolicyName',
  'AWS::IAM::Policy': undefined,
  'AWS::IAM::Role': 'RoleName',
  'AWS::IAM::RolePolicy': undefined,
  'AWS::IAM::User': 'UserName',
  'AWS::IAM::UserToGroupAddition': undefined,
};

export interface NeededCapabilities {
  needed: string[];
  reason?: string;
}

/** What a template must be given `Capabilities` for, and why, in CloudFormation's words. */
export function neededCapabilities(template: Template): NeededCapabilities {
  if (template.transforms.length > 0)
    return {
      needed: ['CAPABILITY_AUTO_EXPAND'],
      reason: `The following resource(s) require capabilities: [${template.transforms.join(', ')}]`,
    };
  const resources = Object.values(template.resources).filter(({ type }) => Object.hasOwn(IAM_TYPES, type));
  if (resources.length === 0) return { needed: [] };
  const named = resources.some(({ type, properties }) => {
    const name = IAM_TYPES[type];
    return name !== undefined && properties[name] !== undefined;
  });
  const types = [...new Set(resources.map(({ type }) => type))];
  return {
    needed: [named ? 'CAPABILITY_NAMED_IAM' : 'CAPABILITY_IAM'],
    reason: `The following resource(s) require capabilities: [${types.join(', ')}]`,
  };
}

/** The needed ones that were not given. `CAPABILITY_NAMED_IAM` includes `CAPABILITY_IAM`. */
export function missingCapabilities(template: Template, given: string[]): string[] {
  return neededCapabilities(template).needed.filter(
    (name) => !given.includes(name) && !(name === 'CAPABILITY_IAM' && given.includes('CAPABILITY_NAMED_IAM')),
  );
}
