import { requirement } from '../../../requirements/requirement.js';
import { pathQueues } from '../../model/path-queues.js';
import { setProperty } from '../../patch/edit.js';
import type { AuditRule } from '../../rule.js';

const FORTNIGHT = 1_209_600;

export const retention: AuditRule = {
  ...requirement('queue.retention'),
  *judge(template) {
    for (const { id, resource, at } of pathQueues(template)) {
      if (!resource) {
        yield {
          at,
          summary: `${id}, which SAM makes by itself, keeps messages for four days.`,
          expected: `a queue of your own with MessageRetentionPeriod: ${FORTNIGHT}`,
          advice: 'Write the queue as a resource of your own, and name its ARN.',
        };
        continue;
      }
      const values = template.property(resource, 'MessageRetentionPeriod');
      const short = values.find(({ node }) => {
        const text = template.plainText(node);
        return !node || (text !== undefined && Number(text) < FORTNIGHT);
      });
      if (!short) continue;
      const edit =
        !short.node || short.node.kind === 'scalar'
          ? setProperty(resource, ['MessageRetentionPeriod'], FORTNIGHT)
          : undefined;
      yield {
        at: short.node ?? resource.entry.at,
        summary: `${id} keeps messages for ${template.plainText(short.node) ?? '345600 (the default)'} seconds.`,
        expected: `MessageRetentionPeriod: ${FORTNIGHT}`,
        actual: template.plainText(short.node) ?? 'not stated',
        advice: 'Keep them for 14 days, the most that SQS allows.',
        patch: edit && values.length === 1 ? [edit] : undefined,
      };
    }
  },
};
