import { pass } from '../../core/finding.js';
import type { PathCheck } from '../types.js';

export const awsIdentity: PathCheck = {
  id: 'account.aws-identity',
  title: 'AWS credentials work',
  area: 'account',
  severity: 'fail',
  needs: [],
  iam: ['sts:GetCallerIdentity'],
  why: 'Without working credentials nothing on AWS can be read or changed.',
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
