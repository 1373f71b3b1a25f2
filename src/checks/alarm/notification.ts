import { serviceOf } from '../../aws/arn.js';
import type { Alarm } from '../../aws/cloudwatch.js';
import { type PaymentPath, paymentPath } from '../../world/payment-path.js';
import type { World } from '../../world/world.js';
import { readCoverage } from './coverage.js';
import type { Problem } from './problem.js';
import { allWanted } from './required-metrics.js';
import { topicProblems } from './topics.js';

/** The alarms that watch the path. Undefined while nothing is deployed. */
export async function pathAlarms(world: World): Promise<Alarm[] | undefined> {
  const path = await paymentPath(world);
  if (!path) return undefined;
  const watched = await readCoverage(world, await allWanted(world, path));
  return [...new Map(watched.flatMap(({ alarms }) => alarms).map((alarm) => [alarm.name, alarm])).values()];
}

/**
 * What keeps the path's alarms from reaching somebody, each problem once. Where several alarms watch the same, one
 * that reaches somebody is enough.
 */
export async function notificationProblems(world: World): Promise<Problem[]> {
  const path = await paymentPath(world);
  if (!path) return [];
  const watched = await readCoverage(world, await allWanted(world, path));
  const looked = await Promise.all(
    watched.map(async ({ alarms }) => {
      const each = await Promise.all(alarms.map((alarm) => problemsOf(world, path, alarm)));
      return each.some((problems) => problems.length === 0) ? [] : each.flat();
    }),
  );
  return [...new Map(looked.flat().map((problem) => [problem.summary, problem])).values()];
}

async function problemsOf(world: World, path: PaymentPath, alarm: Alarm): Promise<Problem[]> {
  if (!alarm.actionsEnabled) return [switchedOff(world, alarm)];
  if (alarm.actions.length === 0) return [mute(world, path, alarm)];
  const topics = alarm.actions.filter((arn) => serviceOf(arn) === 'sns');
  // Other actions (a function, an incident) are somebody's decision, and tell somebody.
  if (topics.length < alarm.actions.length) return [];
  const each = await Promise.all(topics.map((arn) => topicProblems(world, path, arn, alarm)));
  return each.some((problems) => problems.length === 0) ? [] : each.flat();
}

function switchedOff(world: World, { name }: Alarm): Problem {
  return {
    outcome: 'fail',
    summary: `the actions of ${name} are switched off`,
    todo: 'Switch them on.',
    evidence: { label: 'alarm', value: name, url: world.links.alarm(name) },
    repair: {
      action: 'update',
      resource: 'alarm',
      name,
      details: ['actions: off -> on'],
      apply: (bench) => bench.cloudwatch.enableAlarmActions([name]),
    },
  };
}

function mute(world: World, { topicArns }: PaymentPath, { name }: Alarm): Problem {
  const [topic, ...others] = topicArns;
  const problem: Problem = {
    outcome: 'fail',
    summary: `${name} notifies nobody: it has no action`,
    todo: 'Give it an SNS topic as its action.',
    evidence: { label: 'alarm', value: name, url: world.links.alarm(name) },
  };
  if (!topic || others.length > 0) return problem;
  return {
    ...problem,
    repair: {
      action: 'update',
      resource: 'alarm',
      name,
      details: [`actions: + ${topic}`],
      apply: (bench) => bench.cloudwatch.addAlarmAction(name, topic),
    },
  };
}
