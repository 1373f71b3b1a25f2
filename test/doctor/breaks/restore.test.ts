import { EventBridgeClient, PutRuleCommand } from '@aws-sdk/client-eventbridge';
import {
  GetFunctionConfigurationCommand,
  LambdaClient,
  UpdateFunctionConfigurationCommand,
} from '@aws-sdk/client-lambda';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { pattern } from '../../../src/checks/eventbridge/pattern.js';
import { tracing } from '../../../src/checks/function/tracing.js';
import type { Bench } from '../../../src/world/bench.js';
import { type SetUpStage, setUpStage } from '../support/set-up-stage.js';

let stage: SetUpStage;

beforeAll(async () => {
  stage = await setUpStage();
});
afterAll(() => stage?.close());

/** A bench that tells what was asked of whoever sits at it. */
function asked(bench: Bench, answer: boolean) {
  const questions: { destructive: boolean; undone: string | undefined }[] = [];
  const consent = {
    ...bench.consent,
    changeSet: async (_changes: readonly unknown[], destructive: boolean, undone?: string) => {
      questions.push({ destructive, undone });
      return answer;
    },
  };
  return { questions, bench: Object.assign(Object.create(bench), { consent }) as Bench };
}

const quiet = { note: () => {} };

async function breakBoth() {
  const { eventBusName, ruleName, eventFunctionName: FunctionName } = stage.outputs;
  await new EventBridgeClient(stage.client).send(
    new PutRuleCommand({
      EventBusName: eventBusName,
      Name: ruleName,
      EventPattern: '{"source":["stripe.com"]}',
    }),
  );
  const lambda = new LambdaClient(stage.client);
  await lambda.send(
    new UpdateFunctionConfigurationCommand({ FunctionName, TracingConfig: { Mode: 'PassThrough' } }),
  );
  for (;;) {
    const found = await lambda.send(new GetFunctionConfigurationCommand({ FunctionName }));
    if (found.LastUpdateStatus !== 'InProgress') return;
  }
}

describe('putting back what was changed by hand', () => {
  it('names what else it would undo, and asks for that as for a deletion', async () => {
    await breakBoth();
    const opened = stage.open();
    const changes = (await pattern.fix?.(opened.world)) ?? [];
    expect(changes[0]?.details.join('\n')).toMatch(
      /StripeEventRule EventPattern[\s\S]*ALSO REVERTED \(not part of this finding\): ~ StripeEventFunction TracingConfig\.Mode: PassThrough -> Active/,
    );
    const { bench, questions } = asked(opened.bench, false);
    await expect(changes[0]?.apply(bench, quiet, changes)).rejects.toMatchObject({ code: 'DECLINED' });
    expect(questions).toEqual([
      {
        destructive: false,
        undone: 'what was changed by hand in StripeEventFunction, which is not part of this finding',
      },
    ]);
  });

  it('asks nothing more where every change that it undoes is another finding of the same run', async () => {
    const opened = stage.open();
    const changes = (await pattern.fix?.(opened.world)) ?? [];
    const others = (await tracing.fix?.(opened.world)) ?? [];
    const { bench, questions } = asked(opened.bench, true);
    await changes[0]?.apply(bench, quiet, [...changes, ...others]);
    expect(questions).toEqual([{ destructive: false, undone: undefined }]);
    const findings = await stage.inspect({ only: ['eventbridge.pattern', 'function.tracing'] });
    expect(findings.filter(({ outcome }) => outcome !== 'pass')).toEqual([]);
  });
});
