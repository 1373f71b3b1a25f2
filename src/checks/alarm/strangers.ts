import { isSamePlace, serviceOf } from '../../aws/arn.js';
import type { Alarm } from '../../aws/cloudwatch.js';
import type { Subscription } from '../../aws/sns.js';
import { paymentPath } from '../../world/payment-path.js';
import type { World } from '../../world/world.js';
import { chosenAddress } from './chosen-address.js';
import type { Problem } from './problem.js';

/** Protocols whose endpoint is a person or a server anywhere; all others name a thing of AWS by its ARN. */
const ANYWHERE = ['email', 'email-json', 'http', 'https', 'sms'];

/** Whoever hears of the path's alarms and was not chosen for it, each once. */
export async function strangers(world: World, alarms: readonly Alarm[]): Promise<Problem[]> {
  const actions = alarms.flatMap((alarm) => alarm.actions.map((arn) => ({ alarm, arn })));
  const known = (arn: string) => world.settings.acknowledgedHandlers.includes(arn);
  const here = actions.filter(({ alarm, arn }) => isSamePlace(arn, alarm.arn));
  const topics = new Set(here.map(({ arn }) => arn).filter((arn) => serviceOf(arn) === 'sns'));
  const subscribed = await Promise.all(
    [...topics].map(async (topic) => {
      const found = await strangersOn(world, topic, await world.sns.subscriptions(topic));
      return found.map((one) => subscriber(world, topic, one));
    }),
  );
  return [
    ...actions
      .filter((one) => !here.includes(one) && !known(one.arn))
      .map(({ alarm, arn }) => told(world, alarm, arn)),
    ...subscribed.flat(),
  ];
}

/** Of a topic's subscriptions, those that get messages and that nobody chose. */
export async function strangersOn(
  world: World,
  topicArn: string,
  subscriptions: readonly Subscription[],
): Promise<Subscription[]> {
  const { acknowledgedHandlers } = world.settings;
  const unknown = subscriptions.filter(
    ({ arn, confirmed, endpoint }) =>
      confirmed && !acknowledgedHandlers.includes(endpoint) && !acknowledgedHandlers.includes(arn ?? ''),
  );
  if (unknown.length === 0) return [];
  const [path, address] = await Promise.all([paymentPath(world), chosenAddress(world)]);
  const isOurTopic = path?.managed === true && path.topicArns.includes(topicArn);
  return unknown.filter(({ protocol, endpoint }) => {
    if (!ANYWHERE.includes(protocol)) return !isSamePlace(endpoint, topicArn);
    // Where no address was chosen, and on a topic of somebody else's, there is nothing to compare it with.
    return isOurTopic && address !== undefined && endpoint.toLowerCase() !== address.toLowerCase();
  });
}

function told(world: World, { name }: Alarm, arn: string): Problem {
  return {
    outcome: 'fail',
    summary: `${name} notifies ${arn}, in another account or region`,
    todo: `Take that action out of the alarm; if it is meant, name it in acknowledgedHandlers.`,
    evidence: { label: 'alarm', value: name, url: world.links.alarm(name) },
  };
}

function subscriber(world: World, topic: string, { arn, protocol, endpoint }: Subscription): Problem {
  return {
    outcome: 'fail',
    summary: `${shown(protocol, endpoint)} receives the alarms, and is not configured`,
    todo: `If nobody knows it: aws sns unsubscribe --subscription-arn ${arn}. If it is meant, name that ARN in acknowledgedHandlers.`,
    evidence: { label: 'subscription', value: arn ?? '', url: world.links.topic(topic) },
  };
}

/** The path of a URL is often the key to somebody's account. */
function shown(protocol: string, endpoint: string): string {
  if (!protocol.startsWith('http') || !URL.canParse(endpoint)) return endpoint;
  const { protocol: scheme, host } = new URL(endpoint);
  return `${scheme}//${host}/…`;
}
