import { requirement } from '../../../requirements/requirement.js';
import { pathQueues } from '../../model/path-queues.js';
import { setProperty } from '../../patch/edit.js';
import type { AuditRule } from '../../rule.js';

export const encrypted: AuditRule = {
  ...requirement('queue.encrypted'),
  *judge(template) {
    for (const { id, resource } of pathQueues(template)) {
      if (!resource) continue;
      const key = template.property(resource, 'KmsMasterKeyId').find(({ node }) => node)?.node;
      if (key && template.plainText(key)?.endsWith('alias/aws/sqs'))
        yield {
          at: key,
          severity: 'fail',
          summary: `${id} is encrypted with alias/aws/sqs, which EventBridge may not use.`,
          expected:
            'SqsManagedSseEnabled: true, or a key of your own whose policy lets events.amazonaws.com use it',
          actual: 'alias/aws/sqs',
          advice: 'Use SqsManagedSseEnabled: true.',
          patch: resource.properties && [
            {
              kind: 'rename',
              map: resource.properties,
              from: 'KmsMasterKeyId',
              key: 'SqsManagedSseEnabled',
              value: true,
            },
          ],
        };
      if (key) continue;
      const managed = template.property(resource, 'SqsManagedSseEnabled');
      const off = managed.find(({ node }) => !node || /^false$/i.test(template.plainText(node) ?? ''));
      if (!off) continue;
      const edit =
        !off.node || off.node.kind === 'scalar'
          ? setProperty(resource, ['SqsManagedSseEnabled'], true)
          : undefined;
      yield {
        at: off.node ?? resource.entry.at,
        summary: off.node ? `${id} is not encrypted.` : `${id} does not state its encryption.`,
        expected: 'SqsManagedSseEnabled: true',
        advice: 'Encrypt it with the key that SQS manages: it costs nothing.',
        patch: edit && managed.length === 1 ? [edit] : undefined,
      };
    }
  },
};
