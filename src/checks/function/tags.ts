import { pass, warn } from '../../core/finding.js';
import { requirement } from '../../requirements/requirement.js';
import type { World } from '../../world/world.js';
import type { PathCheck } from '../types.js';
import {
  type DeployedFunction,
  deployedFunctions,
  FUNCTION_ACTIONS,
  functionEvidence,
} from './path-functions.js';

/** The agreed ones; which values they have is theirs who set them. */
const AGREED = ['Environment', 'Service', 'Component', 'ManagedBy'];
const COMPONENTS = {
  event: 'stripe-event',
  webhook: 'stripe-webhook',
  operations: 'operations',
  drain: 'drain',
} as const;

export const tags: PathCheck = {
  ...requirement('function.tags'),
  needs: ['function.state'],
  iam: FUNCTION_ACTIONS,
  fixIam: ['lambda:TagResource'],
  async inspect(world) {
    const functions = await deployedFunctions(world);
    const evidence = functionEvidence(world, functions);
    const bare = untagged(world, functions);
    if (bare.length === 0) return pass(`${AGREED.join(', ')} on ${functions.length} functions`, { evidence });
    return warn(
      bare.map(({ name, missing }) => `${name} lacks ${Object.keys(missing).join(', ')}`).join('; '),
      {
        expected: AGREED.join(', '),
        actual: functions
          .filter(({ name }) => bare.some((one) => one.name === name))
          .map(({ name, deployed }) => {
            const tags = Object.keys(deployed.tags).filter((key) => AGREED.includes(key));
            return `${name} has ${tags.join(', ') || 'none of them'}`;
          })
          .join('; '),
        evidence,
        remedy: {
          text: world.settings.stack.managed
            ? 'Add the tags that are missing; all others stay.'
            : 'Add them now, and write them into the template, so that the next deployment keeps them.',
          commands: ['cachao doctor --fix'],
          fixable: true,
        },
      },
    );
  },
  async fix(world) {
    return untagged(world, await deployedFunctions(world)).map(({ name, arn, missing }) => ({
      check: 'function.tags',
      action: 'update',
      resource: 'Lambda function',
      name,
      details: Object.entries(missing).map(([key, value]) => `+ tag ${key}: ${value}`),
      url: world.links.lambda(name),
      apply: (bench) => bench.lambda.tag(arn, missing),
    }));
  },
};

function untagged(world: World, functions: readonly DeployedFunction[]) {
  return functions
    .map(({ name, purpose, deployed }) => ({
      name,
      arn: deployed.arn,
      missing: Object.fromEntries(
        Object.entries(agreedTags(world, purpose)).filter(([key]) => !deployed.tags[key]),
      ),
    }))
    .filter(({ missing }) => Object.keys(missing).length > 0);
}

/** As our template gives them. What somebody else deploys is never said to be ours: that is how destroy knows its own. */
function agreedTags(world: World, purpose: DeployedFunction['purpose']): Record<string, string> {
  const { stage, stack } = world.settings;
  return {
    Environment: stage,
    Service: stack.managed ? 'cachao' : stack.name,
    Component: COMPONENTS[purpose],
    ManagedBy: stack.managed ? 'cachao' : 'cloudformation',
  };
}
