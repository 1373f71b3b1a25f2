import { pass, warn } from '../../core/finding.js';
import { requirement } from '../../requirements/requirement.js';
import type { World } from '../../world/world.js';
import { NOT_DEPLOYED } from '../not-deployed.js';
import type { PathCheck } from '../types.js';

export const stackProtected: PathCheck = {
  ...requirement('stack.protected'),
  needs: ['account.aws-region'],
  iam: ['cloudformation:DescribeStacks'],
  fixIam: ['cloudformation:UpdateTerminationProtection'],
  async inspect(world) {
    const stack = await world.cloudformation.stack(world.settings.stack.name);
    if (!stack) return NOT_DEPLOYED;
    if (stack.terminationProtection) return pass('protected');
    if (world.settings.mode === 'test') return pass('not protected, and a test stage need not be');
    return warn(`${stack.name} can be deleted by one click`, {
      expected: 'termination protection',
      actual: 'none',
      evidence: [{ label: 'stack', value: stack.name, url: world.links.stack(stack.id) }],
      remedy: {
        text: 'Switch termination protection on.',
        commands: ['cachao doctor --fix'],
        fixable: true,
      },
    });
  },
  async fix(world) {
    const name = await unprotected(world);
    if (!name) return [];
    return [
      {
        check: 'stack.protected',
        action: 'update',
        resource: 'CloudFormation stack',
        name,
        details: ['termination protection: off -> on'],
        apply: (bench) => bench.cloudformation.setTerminationProtection(name, true),
      },
    ];
  },
};

async function unprotected(world: World): Promise<string | undefined> {
  const stack = await world.cloudformation.stack(world.settings.stack.name);
  return stack && !stack.terminationProtection && world.settings.mode === 'live' ? stack.name : undefined;
}
