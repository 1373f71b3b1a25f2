import { pass } from '../../core/finding.js';
import { requirement } from '../../requirements/requirement.js';
import type { PathCheck } from '../types.js';

export const awsIdentity: PathCheck = {
  ...requirement('account.aws-identity'),
  needs: [],
  iam: ['sts:GetCallerIdentity'],
  async inspect(world) {
    const identity = await world.sts.callerIdentity();
    return pass(`account ${identity.account} as ${identity.arn}`, {
      evidence: [
        { label: 'account', value: identity.account },
        { label: 'principal', value: identity.arn },
      ],
    });
  },
};
