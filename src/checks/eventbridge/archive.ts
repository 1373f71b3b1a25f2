import { pass, skipped, warn } from '../../core/finding.js';
import { requirement } from '../../requirements/requirement.js';
import { DESTINATION_READS, ourDestination } from '../../world/destination.js';
import { RESTORE_ACTIONS, restoreFix } from '../stack/restore.js';
import { templateRemedy } from '../template-remedy.js';
import type { PathCheck } from '../types.js';

/** As long as the dead-letter queues keep what failed. */
const SHORTEST_DAYS = 14;

export const archive: PathCheck = {
  ...requirement('eventbridge.archive'),
  needs: ['eventbridge.bus'],
  iam: [
    ...DESTINATION_READS.iam,
    'cloudformation:DescribeStacks',
    'events:DescribeEventBus',
    'events:ListArchives',
  ],
  stripe: DESTINATION_READS.stripe,
  fixIam: RESTORE_ACTIONS,
  async inspect(world) {
    const stack = await world.cloudformation.stack(world.settings.stack.name);
    if (world.settings.stack.managed && stack?.parameters.ArchiveEnabled === 'false')
      return skipped('AWS refused an archive on this bus when the stack was deployed');
    if (!stack) return skipped('nothing is deployed yet');
    const destination = await ourDestination(world);
    const bus = destination && (await world.eventbridge.describeEventBus(destination.sourceName));
    if (!bus) return skipped('there is no bus');
    const archives = await world.eventbridge.listArchives(bus.arn);
    const evidence = archives.map(({ name }) => ({
      label: 'archive',
      value: name,
      url: world.links.archive(name),
    }));
    const keeping = archives.filter(
      ({ state, retentionDays }) =>
        state === 'ENABLED' && (retentionDays === 0 || retentionDays >= SHORTEST_DAYS),
    );
    const days = (kept: number) => (kept === 0 ? 'for ever' : `for ${kept} days`);
    if (keeping.length > 0)
      return pass(
        keeping.map(({ name, retentionDays }) => `${name} keeps events ${days(retentionDays)}`).join('; '),
        {
          evidence,
        },
      );
    return warn(
      archives.length === 0
        ? 'no archive keeps the events of the bus'
        : archives
            .map((one) => `${one.name} is ${one.state} and keeps events ${days(one.retentionDays)}`)
            .join('; '),
      {
        expected: `an archive that keeps them for ${SHORTEST_DAYS} days or more`,
        actual: archives.length === 0 ? 'none' : archives.map((one) => days(one.retentionDays)).join(', '),
        evidence,
        remedy: templateRemedy(
          world,
          'Put back the archive of the template.',
          `Declare an AWS::Events::Archive with SourceArn of the partner bus and RetentionDays: 30.`,
        ),
      },
    );
  },
  ...restoreFix('eventbridge.archive', ['StripeEventArchive']),
};
