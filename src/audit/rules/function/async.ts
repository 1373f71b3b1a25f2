import { requirement } from '../../../requirements/requirement.js';
import { asyncSetting, invokeConfigsOf } from '../../model/dead-letters.js';
import { FUNCTION_TYPES, type LambdaFunction } from '../../model/functions.js';
import { freeId } from '../../model/logical-ids.js';
import { invokedFunction } from '../../model/rules.js';
import { stripePath } from '../../model/stripe-path.js';
import { addResource, allOf, type Edit, setProperty } from '../../patch/edit.js';
import { ref } from '../../patch/value.js';
import type { AuditRule } from '../../rule.js';

const SETTINGS = { MaximumRetryAttempts: 2, MaximumEventAgeInSeconds: 21_600 } as const;

export const asyncRetries: AuditRule = {
  ...requirement('function.async'),
  *judge(template) {
    for (const one of stripePath(template).eventFunctions) {
      const missing = Object.entries(SETTINGS).filter(([name]) => {
        const values = asyncSetting(one, name);
        return values.length === 0 || !values.some(({ node }) => node);
      });
      if (missing.length === 0) continue;
      yield {
        at: one.resource.entry.at,
        summary: `${one.id} does not state ${missing.map(([name]) => name).join(' and ')} for asynchronous invocations.`,
        expected: 'MaximumRetryAttempts and MaximumEventAgeInSeconds in its EventInvokeConfig',
        advice: 'State how often and how long Lambda tries again: twice, within six hours.',
        patch: patch(one, missing),
      };
    }
  },
};

function patch(one: LambdaFunction, missing: readonly [string, number][]): Edit[] | undefined {
  const [config] = invokeConfigsOf(one);
  if (config) return allOf(...missing.map(([name, value]) => setProperty(config, [name], value)));
  if (one.sam) {
    if (!one.resource.properties?.entries.has('EventInvokeConfig'))
      return allOf(setProperty(one.resource, ['EventInvokeConfig'], Object.fromEntries(missing)));
    return allOf(
      ...missing.map(([name, value]) => setProperty(one.resource, ['EventInvokeConfig', name], value)),
    );
  }
  // What is said of $LATEST does not hold for an alias or a version.
  if (isInvokedByAlias(one)) return undefined;
  const properties = { FunctionName: ref(one.id), Qualifier: '$LATEST', ...Object.fromEntries(missing) };
  const id = freeId(one.template, `${one.id}InvokeConfig`);
  return [addResource(id, { Type: 'AWS::Lambda::EventInvokeConfig', Properties: properties })];
}

const isInvokedByAlias = ({ template, id }: LambdaFunction): boolean =>
  stripePath(template).rules.some((rule) =>
    rule
      .targets()
      .some(({ arn }) => invokedFunction(template, arn) === id && !template.denoted(arn, ...FUNCTION_TYPES)),
  );
