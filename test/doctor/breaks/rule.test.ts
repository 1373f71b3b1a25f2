import { DisableRuleCommand, EventBridgeClient } from '@aws-sdk/client-eventbridge';
import { describe } from 'vitest';
import { breakIt } from '../support/break-it.js';
import type { SetUpStage } from '../support/set-up-stage.js';

const events = (stage: SetUpStage) => new EventBridgeClient(stage.client);

describe('the rule', () => {
  breakIt([
    {
      broken: 'It is disabled',
      check: 'eventbridge.rule-enabled',
      reason: /cachao-dev-stripe is DISABLED/,
      break: (stage) =>
        events(stage).send(
          new DisableRuleCommand({ EventBusName: stage.outputs.eventBusName, Name: stage.outputs.ruleName }),
        ),
      fixed: true,
      planned: /state: DISABLED -> ENABLED/,
    },
  ]);
});
