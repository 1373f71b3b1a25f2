import { requirement } from '../../../requirements/requirement.js';
import { isMap } from '../../document/node.js';
import { stripePath } from '../../model/stripe-path.js';
import { type Edit, setAt } from '../../patch/edit.js';
import type { AuditRule } from '../../rule.js';

const MEMBERS = { MaximumRetryAttempts: 185, MaximumEventAgeInSeconds: 86_400 } as const;

export const retry: AuditRule = {
  ...requirement('eventbridge.retry'),
  *judge(template) {
    for (const rule of stripePath(template).rules)
      for (const { body, when } of rule.targets()) {
        const missing = Object.entries(MEMBERS).filter(([name]) =>
          template.at(body, ['RetryPolicy', name], when).some(({ node }) => !node),
        );
        const none = template
          .at(body, ['RetryPolicy', 'MaximumRetryAttempts'], when)
          .find(({ node }) => template.plainText(node) === '0');
        if (none?.node)
          yield {
            at: none.node,
            summary: `${rule.label} tries to deliver an event once, and not again.`,
            expected: 'several attempts',
            actual: 'MaximumRetryAttempts: 0',
            advice: 'Allow retries: up to 185 attempts within 24 hours cost nothing while all is well.',
          };
        if (missing.length === 0) continue;
        yield {
          at: rule.place,
          summary: `${rule.label} does not state ${missing.map(([name]) => name).join(' and ')}.`,
          expected: 'RetryPolicy with MaximumRetryAttempts and MaximumEventAgeInSeconds',
          advice: 'State how often and how long EventBridge tries to deliver.',
          patch: patch(body, missing),
        };
      }
  },
};

function patch(body: Parameters<typeof setAt>[0], missing: readonly [string, number][]): Edit[] | undefined {
  const policy = body?.entries.get('RetryPolicy')?.value;
  if (policy && !isMap(policy)) return undefined;
  const edits = policy
    ? missing.map(([name, value]) => setAt(body, ['RetryPolicy', name], value))
    : [setAt(body, ['RetryPolicy'], Object.fromEntries(missing))];
  return edits.every((edit) => edit !== undefined) ? edits : undefined;
}
