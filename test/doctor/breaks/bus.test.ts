import {
  ActivateEventSourceCommand,
  DeactivateEventSourceCommand,
  DeleteArchiveCommand,
  DeleteEventBusCommand,
  DeleteRuleCommand,
  DescribeRuleCommand,
  EventBridgeClient,
  ListRulesCommand,
  ListTargetsByRuleCommand,
  PutRuleCommand,
  PutTargetsCommand,
  RemoveTargetsCommand,
} from '@aws-sdk/client-eventbridge';
import { describe } from 'vitest';
import { breakIt } from '../support/break-it.js';
import type { SetUpStage } from '../support/set-up-stage.js';

const events = (stage: SetUpStage) => new EventBridgeClient(stage.client);
const ruleOf = ({ outputs }: SetUpStage) => ({ EventBusName: outputs.eventBusName, Name: outputs.ruleName });
const at = ({ outputs }: SetUpStage) => ({ EventBusName: outputs.eventBusName, Rule: outputs.ruleName });

async function removeRule(stage: SetUpStage) {
  await events(stage).send(new RemoveTargetsCommand({ ...at(stage), Ids: ['stripe-event'] }));
  await events(stage).send(new DeleteRuleCommand(ruleOf(stage)));
}

/** AWS deletes no bus that has rules, and an archive makes one. */
async function deleteBus(stage: SetUpStage) {
  await removeRule(stage);
  await events(stage).send(new DeleteArchiveCommand({ ArchiveName: stage.outputs.archiveName }));
  await events(stage).send(new DeleteEventBusCommand({ Name: stage.outputs.eventBusName }));
}

/** As who follows the checklist would: `EventBusName: default`. */
async function moveToDefault(stage: SetUpStage) {
  const rule = await events(stage).send(new DescribeRuleCommand(ruleOf(stage)));
  const { Targets } = await events(stage).send(new ListTargetsByRuleCommand(at(stage)));
  await removeRule(stage);
  const { Name, EventPattern, State } = rule;
  await events(stage).send(new PutRuleCommand({ Name, EventPattern, State }));
  await events(stage).send(new PutTargetsCommand({ Rule: Name, Targets }));
}

async function removeFromDefault(stage: SetUpStage) {
  const { Rules = [] } = await events(stage).send(
    new ListRulesCommand({ NamePrefix: stage.outputs.ruleName }),
  );
  for (const { Name } of Rules) {
    await events(stage).send(new RemoveTargetsCommand({ Rule: Name, Ids: ['stripe-event'] }));
    await events(stage).send(new DeleteRuleCommand({ Name }));
  }
}

describe('the source and its bus', () => {
  breakIt([
    {
      broken: 'The source was deactivated',
      check: 'eventbridge.source-active',
      reason: /the source is PENDING/,
      break: (stage) =>
        events(stage).send(new DeactivateEventSourceCommand({ Name: stage.outputs.eventBusName })),
      fixed: true,
      planned: /state: PENDING -> ACTIVE/,
      undo: (stage) =>
        events(stage)
          .send(new ActivateEventSourceCommand({ Name: stage.outputs.eventBusName }))
          .catch(() => {}),
    },
    {
      broken: 'The bus was deleted',
      check: 'eventbridge.bus',
      reason: /the partner event source is not associated: its event bus does not exist/,
      also: { 'eventbridge.rule': 'fail' },
      break: deleteBus,
      fixed: true,
      planned: /associates the partner event source/,
      next: ['eventbridge.rule', 'eventbridge.archive'],
    },
    {
      broken: 'The rule is on the default bus',
      check: 'eventbridge.rule',
      reason: /is gone from aws\.partner\S*; one of its name is on the default bus, where nothing arrives/,
      break: moveToDefault,
      fixed: true,
      undo: removeFromDefault,
    },
  ]);
});
