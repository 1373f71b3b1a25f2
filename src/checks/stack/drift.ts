import type { DriftedResource } from '../../aws/cloudformation-drift.js';
import { pass, unknown, type Verdict, warn } from '../../core/finding.js';
import { requirement } from '../../requirements/requirement.js';
import { NOT_DEPLOYED } from '../not-deployed.js';
import { templateRemedy } from '../template-remedy.js';
import type { PathCheck } from '../types.js';
import { RESTORE_ACTIONS, restoreFix } from './restore.js';

const MOST_SHOWN = 20;

export const stackDrift: PathCheck = {
  ...requirement('stack.drift'),
  needs: ['account.aws-region'],
  iam: [
    'cloudformation:DescribeStacks',
    'cloudformation:DetectStackDrift',
    // AWS asks for it besides, resource by resource.
    'cloudformation:DetectStackResourceDrift',
    'cloudformation:DescribeStackDriftDetectionStatus',
    'cloudformation:DescribeStackResourceDrifts',
  ],
  fixIam: RESTORE_ACTIONS,
  deep: true,
  timeoutMs: 5 * 60_000,
  async inspect(world) {
    const stack = await world.cloudformation.stack(world.settings.stack.name);
    if (!stack) return NOT_DEPLOYED;
    const { resources: drifted, unseen } = await world.drift.detect(stack.name);
    if (drifted.length === 0)
      return unseen === null ? pass('every resource is as the template says') : notSeen(unseen);
    const others = unseen === null ? '' : `; drift of others could not be detected: ${unseen}`;
    return warn(
      `${drifted.length} resource${drifted.length === 1 ? ' was' : 's were'} changed by hand: ${drifted.map((one) => one.logicalId).join(', ')}${others}`,
      {
        expected: 'every resource as the template says',
        actual: drifted.map((one) => `${one.logicalId} ${one.status.toLowerCase()}`).join(', '),
        evidence: [
          { label: 'stack', value: stack.name, url: world.links.stack(stack.id) },
          ...drifted.flatMap(linesOf).slice(0, MOST_SHOWN),
        ],
        remedy: templateRemedy(
          world,
          'Write what is meant to stay into the template and deploy; the fix undoes all of it, with a change set that reverts drift.',
          'Write what is meant to stay into the template and deploy; take the rest back by hand.',
        ),
      },
    );
  },
  ...restoreFix('stack.drift', 'everything'),
};

/** AWS goes on where it may not read a resource, and says so at the end. */
function notSeen(why: string): Verdict {
  return unknown(`CloudFormation could not detect drift of every resource: ${why}`, {
    remedy: {
      text: 'It looks in your name: let yourself read what the policy lists.',
      commands: ['cachao policy --for doctor'],
      fixable: false,
    },
  });
}

function linesOf({ logicalId, type, status, differences }: DriftedResource) {
  if (differences.length === 0) return [{ label: logicalId, value: `${type}: ${status.toLowerCase()}` }];
  return differences.map(({ path, expected, actual }) => ({
    label: logicalId,
    value: `${path.replace(/^\//, '').replaceAll('/', '.')}: ${shown(path, expected)} -> ${shown(path, actual)}`,
  }));
}

/** Somebody may have put a secret into a function's environment. */
function shown(path: string, value: string): string {
  if (value === '') return '(none)';
  return path.includes('/Environment') ? '(not shown)' : value;
}
