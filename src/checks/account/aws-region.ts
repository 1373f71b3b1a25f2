import { SOURCE_PREFIX } from '../../../handlers/contract/envelope.js';
import { pass } from '../../core/finding.js';
import { requirement } from '../../requirements/requirement.js';
import type { PathCheck } from '../types.js';

export const awsRegion: PathCheck = {
  ...requirement('account.aws-region'),
  needs: ['account.aws-identity'],
  iam: ['events:ListEventSources'],
  async inspect(world) {
    await world.eventbridge.listEventSources(SOURCE_PREFIX);
    return pass(`EventBridge answers in ${world.settings.region}`);
  },
};
