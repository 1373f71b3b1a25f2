import { type Outcome, pass, skipped } from '../../core/finding.js';
import { requirement } from '../../requirements/requirement.js';
import { PATH_ACTIONS } from '../../world/payment-path.js';
import { NOT_DEPLOYED } from '../not-deployed.js';
import type { PathCheck } from '../types.js';
import { notificationProblems, pathAlarms } from './notification.js';
import { strangers } from './strangers.js';

export const alarmActions: PathCheck = {
  ...requirement('alarm.actions'),
  otherwise: 'an address that was asked has still time to confirm, or no address was chosen',
  needs: ['account.aws-region'],
  iam: [
    ...PATH_ACTIONS,
    'cloudformation:GetTemplate',
    'cloudwatch:DescribeAlarms',
    'sns:GetTopicAttributes',
    'sns:ListSubscriptionsByTopic',
    'sns:ListTagsForResource',
  ],
  fixIam: [
    'cloudwatch:PutMetricAlarm',
    'cloudwatch:EnableAlarmActions',
    'sns:SetTopicAttributes',
    'sns:Subscribe',
    'sns:TagResource',
  ],
  async inspect(world) {
    const alarms = await pathAlarms(world);
    if (!alarms) return NOT_DEPLOYED;
    if (alarms.length === 0) return skipped('no alarm watches the path');
    const problems = [...(await notificationProblems(world)), ...(await strangers(world, alarms))];
    if (problems.length === 0)
      return pass(`${alarms.length} alarm${alarms.length === 1 ? '' : 's'}, each with a confirmed recipient`);
    const outcome: Outcome = problems.some((problem) => problem.outcome === 'fail') ? 'fail' : 'warn';
    const fixable = problems.some(({ repair }) => repair !== undefined);
    return {
      outcome,
      summary: problems.map(({ summary }) => summary).join('; '),
      expected: 'each alarm tells a topic with a confirmed subscription, its actions switched on',
      evidence: problems.map(({ evidence }) => evidence),
      remedy: {
        text: [...new Set(problems.map(({ todo }) => todo))].join(' '),
        commands: fixable ? ['cachao doctor --fix'] : [],
        fixable,
      },
    };
  },
  fixLeaves:
    'what a person has to do: confirm or choose an address, send a stranger away, make a topic that is gone, change a topic that the stack does not state',
  async fix(world) {
    return (await notificationProblems(world)).flatMap(({ repair }) =>
      repair ? [{ check: 'alarm.actions', ...repair }] : [],
    );
  },
};
