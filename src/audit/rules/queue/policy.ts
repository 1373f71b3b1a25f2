import { requirement } from '../../../requirements/requirement.js';
import { scalarText, type TemplateNode, valueAt } from '../../document/node.js';
import { freeId } from '../../model/logical-ids.js';
import { type PathQueue, pathQueues } from '../../model/path-queues.js';
import type { Statement } from '../../model/policies.js';
import type { Resource, Template } from '../../model/template.js';
import { addResource, type Edit } from '../../patch/edit.js';
import type { AuditRule, Judgement } from '../../rule.js';
import { policiesOf, statementsOn } from '../queue-policies.js';
import { onlyTls, overTls } from '../resources.js';
import { foreignSenders } from './foreign-senders.js';

export const queuePolicy: AuditRule = {
  ...requirement('queue.policy'),
  *judge(template) {
    for (const queue of pathQueues(template))
      if (queue.resource) yield* judgeQueue(template, queue, queue.resource);
  },
};

function* judgeQueue(template: Template, { purpose, id }: PathQueue, queue: Resource): Generator<Judgement> {
  const policies = policiesOf(template, queue);
  const statements = statementsOn(template, queue);
  const denying = statements.filter((one) => !one.allows);
  for (const one of statements.filter((each) => each.allows))
    yield* judgeSenders(id, one, foreignSenders(template, queue, one, denying));
  if (statements.some((one) => !one.allows && refusesPlain(one.condition))) return;
  // A queue of deliveries without any policy is told by eventbridge.dlq, whose patch refuses this too.
  if (policies.length === 0 && purpose === 'delivery') return;
  yield {
    at: policies[0]?.entry.at ?? queue.entry.at,
    summary: `${id} takes messages over plain HTTP.`,
    expected: 'a statement that denies everything when aws:SecureTransport is false',
    advice: 'Refuse what does not come over TLS.',
    patch: patch(template, queue, policies, statements),
  };
}

function* judgeSenders(id: string, { node }: Statement, others: readonly string[]): Generator<Judgement> {
  if (others.length === 0) return;
  const anybody = others.some((one) => one.startsWith('any'));
  yield {
    at: node,
    severity: anybody ? 'fail' : 'warn',
    summary: `Others than the rule may send to ${id}: ${others.join(', ')}.`,
    expected: 'a Condition with aws:SourceArn, the ARN of the rule',
    advice: 'Allow the one rule: ArnEquals, aws:SourceArn, its ARN.',
  };
}

const refusesPlain = (condition: TemplateNode | undefined): boolean =>
  /^false$/i.test(scalarText(valueAt(condition, 'Bool', 'aws:SecureTransport')) ?? '');

function patch(
  template: Template,
  queue: Resource,
  policies: readonly Resource[],
  statements: readonly Statement[],
): Edit[] | undefined {
  if (policies.length === 0) return [addResource(freeId(template, `${queue.id}Policy`), onlyTls(queue.id))];
  const list = statements.find((one) => one.list)?.list;
  return list && policies.length === 1 ? [{ kind: 'append', list, value: overTls(queue.id) }] : undefined;
}
