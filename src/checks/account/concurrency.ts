import { pass, skipped, warn } from '../../core/finding.js';
import { requirement } from '../../requirements/requirement.js';
import { reservableConcurrency } from '../../world/concurrency.js';
import type { PathCheck } from '../types.js';

export const concurrency: PathCheck = {
  ...requirement('account.concurrency'),
  needs: ['account.aws-identity'],
  iam: ['lambda:GetAccountSettings', 'lambda:GetFunction', 'cloudformation:DescribeStacks'],
  async inspect(world) {
    if (!world.settings.stack.managed) return skipped('cachao deploys no function here');
    const { limit, available, asked, perFunction } = await reservableConcurrency(world);
    if (asked === 0) return pass('none is asked for');
    if (perFunction !== null) return pass(`${asked} of ${available} unreserved (account limit ${limit})`);
    return warn(
      `the account has ${available} unreserved of ${limit}; ${asked} cannot be reserved, so none is`,
      {
        expected: `${asked} reserved and at least 100 left`,
        actual: `${available} unreserved`,
        evidence: [
          {
            label: 'quota',
            value: 'Lambda concurrent executions',
            url: `${world.links.quotas()}/L-B99A9384`,
          },
        ],
        remedy: {
          text: 'Ask AWS for a higher quota of concurrent executions, or reserve none: set reservedConcurrency to null.',
          commands: [],
          fixable: false,
        },
      },
    );
  },
};
