import { requirement } from '../../../requirements/requirement.js';
import { isMap, scalarText, type TemplateNode, valueAt } from '../../document/node.js';
import type { LambdaFunction } from '../../model/functions.js';
import { type Statement, statementsIn, statementsOfRole } from '../../model/policies.js';
import { stripePath } from '../../model/stripe-path.js';
import type { Template } from '../../model/template.js';
import { keyOf, textOf } from '../../model/text.js';
import type { AuditRule, Judgement } from '../../rule.js';
import { byPlace, named } from '../by-place.js';

/** Actions that know no resources, so that `*` is all that can be said. */
const WITHOUT_RESOURCE =
  /^(xray:put|xray:get|ec2:(create|describe|delete|assign|unassign)|cloudwatch:putmetricdata|sts:getcalleridentity)/;

export const role: AuditRule = {
  ...requirement('function.role'),
  *judge(template) {
    const { handlers } = stripePath(template);
    const statements = (one: LambdaFunction) => statementsFor(template, one).filter((each) => each.allows);
    for (const { part, functions } of byPlace(handlers, statements)) yield* judgeStatement(functions, part);
    for (const { part, functions } of byPlace(handlers, (one) => broadPolicies(template, one)))
      yield broad(functions, part);
    for (const one of handlers)
      if (one.roleIsMade() && !one.at('Policies').some(({ node }) => node))
        yield {
          at: one.resource.entry.at,
          summary: `${one.id} leaves its role to SAM; nothing says what it may do.`,
          expected: 'Policies that name what it needs',
          advice:
            'State in Policies what it reads and writes. With neither a VPC nor AWS calls of its own it needs nothing beside its logs; say so with an empty list and a comment.',
        };
  },
};

/** AWS's own policies that allow everything of a service, or everything. */
function broadPolicies(template: Template, one: LambdaFunction): { node: TemplateNode; name: string }[] {
  const lists = one.sam ? one.at('Policies') : [];
  const role = one.role();
  const items = [
    ...lists.flatMap(({ node, when }) => template.items(node, when)),
    ...(role ? template.items(valueAt(role.properties, 'ManagedPolicyArns'), role.when) : []),
  ];
  return items.flatMap(({ node }) => {
    const text = node && textOf(node);
    const name = text ? keyOf(text).replace(/^.*\//, '') : '';
    return node && /(FullAccess|ReadOnlyAccess|ReadWrite|AdministratorAccess|PowerUserAccess)$/.test(name)
      ? [{ node, name }]
      : [];
  });
}

const broad = (
  functions: readonly LambdaFunction[],
  { node, name }: { node: TemplateNode; name: string },
): Judgement => ({
  at: node,
  summary: `${named(functions)} ${functions.length === 1 ? 'has' : 'have'} ${name}.`,
  expected: 'the actions that it uses, on the resources that it uses',
  actual: name,
  advice: 'Name what the function uses instead.',
});

function statementsFor(template: Template, one: LambdaFunction): Statement[] {
  const own = one.sam
    ? one
        .at('Policies')
        .flatMap(({ node, when }) =>
          template
            .items(node, when)
            .flatMap((item) => (isMap(item.node) ? statementsIn(template, item.node) : [])),
        )
    : [];
  const made = one.role();
  return [...own, ...(made ? statementsOfRole(template, made) : [])];
}

function* judgeStatement(functions: readonly LambdaFunction[], statement: Statement): Generator<Judgement> {
  const sid = scalarText(valueAt(statement.node, 'Sid'));
  const one = `${sid === undefined ? 'A statement' : `Statement ${sid}`} of ${named(functions)}`;
  const wide = statement.actions.find((action) => action === '*' || /:\*$/.test(action));
  if (wide !== undefined)
    yield {
      at: placeOf(valueAt(statement.node, 'Action'), wide) ?? statement.node,
      summary: `${one} allows ${wide}.`,
      expected: 'the actions that it uses, one by one',
      actual: wide,
      advice: 'Name the actions that the function uses.',
    };
  const everything = statement.resources.find((node) => scalarText(node) === '*');
  if (!everything || statement.actions.every((action) => WITHOUT_RESOURCE.test(action))) return;
  const needless = statement.actions.includes('rds:describedbinstances');
  yield {
    at: everything,
    summary: `${one} allows ${statement.actions.join(', ')} on every resource.`,
    expected: 'the resources that it uses, by ARN',
    actual: '*',
    advice: needless
      ? 'Take the statement away: connecting to the database needs no rds:DescribeDBInstances.'
      : 'Name the resources, by ARN.',
  };
}

function placeOf(actions: TemplateNode | undefined, wanted: string): TemplateNode | undefined {
  const items = actions?.kind === 'list' ? actions.items : [actions];
  return items.find((item) => scalarText(item)?.toLowerCase() === wanted);
}
