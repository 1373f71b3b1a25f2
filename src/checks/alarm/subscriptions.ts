import type { World } from '../../world/world.js';
import { chosenAddress } from './chosen-address.js';
import type { Problem } from './problem.js';
import { strangersOn } from './strangers.js';

/** For so long AWS's mail can be confirmed; what nobody confirmed is then deleted. */
const CONFIRMABLE_MS = 2 * 86_400_000;
/** On the topic: when we last had AWS ask. The subscription itself does not say. */
const ASKED_TAG = 'cachao:confirmation-asked';

/** What keeps a topic from reaching anybody; empty when one subscription is confirmed that is no stranger's. */
export async function subscriptionProblems(world: World, topicArn: string): Promise<Problem[]> {
  const subscriptions = await world.sns.subscriptions(topicArn);
  const others = await strangersOn(world, topicArn, subscriptions);
  if (subscriptions.some((one) => one.confirmed && !others.includes(one))) return [];
  const pending = subscriptions.find(({ confirmed }) => !confirmed);
  const problem = (outcome: Problem['outcome'], summary: string, todo: string): Problem => ({
    outcome,
    summary,
    todo,
    evidence: { label: 'topic', value: topicArn, url: world.links.topic(topicArn) },
  });
  if (pending) {
    const asked = await askedAt(world, topicArn);
    const age = asked === undefined ? 0 : Date.now() - asked;
    if (age < CONFIRMABLE_MS)
      return [
        problem(
          'warn',
          `${pending.endpoint} has not confirmed that it wants the alarms`,
          'Open the mail "AWS Notification - Subscription Confirmation" and follow its link; look among the spam too.',
        ),
      ];
    return [
      {
        ...problem(
          'fail',
          `${pending.endpoint} was asked ${Math.floor(age / 86_400_000)} days ago and never confirmed: nobody receives the alarms`,
          'Have AWS ask again, then follow the link in its mail.',
        ),
        repair: askAgain(topicArn, pending.protocol, pending.endpoint),
      },
    ];
  }
  const address = await chosenAddress(world);
  if (address)
    return [
      {
        ...problem(
          'fail',
          `${address} is not subscribed, because it was not confirmed within two days or was removed: nobody receives the alarms`,
          'Have AWS ask again, then follow the link in its mail.',
        ),
        repair: askAgain(topicArn, 'email', address),
      },
    ];
  return [
    problem(
      'warn',
      'no address was configured for the alarms: nobody receives them',
      `${world.settings.stack.managed ? 'Give one with cachao setup --email ADDRESS' : 'Subscribe one in the template of the stack'}; or mute this check, with the reason, if another system watches the alarms.`,
    ),
  ];
}

function askAgain(topicArn: string, protocol: string, endpoint: string): NonNullable<Problem['repair']> {
  return {
    action: 'run',
    resource: 'subscription',
    name: endpoint,
    details: ['AWS sends its e-mail again; the link must be opened within two days'],
    async apply(bench) {
      await bench.sns.subscribe(topicArn, protocol, endpoint);
      await bench.sns.tag(topicArn, { [ASKED_TAG]: new Date().toISOString() });
    },
  };
}

/** When AWS last asked for confirmation: when we last had it ask, or when the stack made the subscription. */
async function askedAt(world: World, topicArn: string): Promise<number | undefined> {
  const [tags, resources] = await Promise.all([
    world.sns.tags(topicArn),
    world.cloudformation.resources(world.settings.stack.name),
  ]);
  const made = resources
    .filter(({ type }) => type === 'AWS::SNS::Subscription')
    .map(({ updatedAt }) => updatedAt);
  const times = [tags?.[ASKED_TAG], ...made].map((time) => Date.parse(time ?? ''));
  const known = times.filter((time) => !Number.isNaN(time));
  return known.length > 0 ? Math.max(...known) : undefined;
}
