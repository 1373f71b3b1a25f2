import { SOURCE_PREFIX } from '../../../handlers/contract/envelope.js';
import { pass } from '../../core/finding.js';
import type { PathCheck } from '../types.js';

export const awsRegion: PathCheck = {
  id: 'account.aws-region',
  title: 'A region is chosen and EventBridge answers there',
  area: 'account',
  severity: 'fail',
  needs: ['account.aws-identity'],
  iam: ['events:ListEventSources'],
  why: 'Source, bus and rule are regional: in another region than the destination names, nothing ever arrives.',
  async inspect(world) {
    await world.eventbridge.listEventSources(SOURCE_PREFIX);
    return pass(`EventBridge answers in ${world.settings.region}`);
  },
};
