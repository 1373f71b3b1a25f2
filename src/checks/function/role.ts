import { pass, warn } from '../../core/finding.js';
import { requirement } from '../../requirements/requirement.js';
import type { World } from '../../world/world.js';
import { RESTORE_ACTIONS, restoreFix } from '../stack/restore.js';
import { templateRemedy } from '../template-remedy.js';
import type { PathCheck } from '../types.js';
import { deployedFunctions, FUNCTION_ACTIONS, ROLES } from './path-functions.js';
import { ROLE_ACTIONS, type RoleStatement, roleNameOf, roleStatements } from './role-policies.js';

/** Actions that know no resource (IAM's service authorization reference), so that `*` is all they can say. */
const KNOW_NO_RESOURCE = [
  /^xray:(PutTraceSegments|PutTelemetryRecords|GetSampling\w+)$/i,
  /^ec2:(Describe\w+|CreateNetworkInterface|DeleteNetworkInterface|(Una|A)ssignPrivateIpAddresses)$/i,
  /^cloudwatch:PutMetricData$/i,
  /^sts:GetCallerIdentity$/i,
];

export const role: PathCheck = {
  ...requirement('function.role'),
  needs: ['function.state'],
  iam: [...FUNCTION_ACTIONS, ...ROLE_ACTIONS],
  fixIam: RESTORE_ACTIONS,
  async inspect(world) {
    const functions = await deployedFunctions(world);
    const roles = [...new Set(functions.map(({ deployed }) => deployed.roleArn))];
    const looked = await Promise.all(
      roles.map(async (arn) => ({ arn, wide: await wildcardsOf(world, arn) })),
    );
    const wide = looked.flatMap((one) => one.wide);
    const concerned = wide.length === 0 ? looked : looked.filter((one) => one.wide.length > 0);
    const evidence = concerned.map(({ arn }) => ({
      label: 'role',
      value: roleNameOf(arn),
      url: world.links.role(roleNameOf(arn)),
    }));
    if (wide.length === 0)
      return pass(`${roles.length} roles, no wildcard that could be a name`, { evidence });
    return warn(wide.join('; '), {
      expected: 'each action and each resource by name',
      actual: wide.join('; '),
      evidence,
      remedy: templateRemedy(
        world,
        'Put the policies back as the template says.',
        'Give the function its own role in the template, with a policy that names its log group, its queue and its parameters, instead of a managed policy for everything.',
      ),
    });
  },
  ...restoreFix('function.role', ROLES),
};

async function wildcardsOf(world: World, roleArn: string): Promise<string[]> {
  const statements = await roleStatements(world, roleArn);
  return statements
    .filter((statement) => statement.effect === 'Allow')
    .flatMap((statement) => problemsOf(roleNameOf(roleArn), statement));
}

function problemsOf(roleName: string, statement: RoleStatement): string[] {
  const of = `${roleName} (${statement.policy})`;
  const wildActions = statement.actions.filter((action) => action === '*' || action.endsWith(':*'));
  if (wildActions.length > 0) return [`${of} allows ${wildActions.join(', ')}`];
  const nameable = statement.actions.filter(
    (action) => !KNOW_NO_RESOURCE.some((pattern) => pattern.test(action)),
  );
  const wildResources = statement.resources.filter(isEverything);
  if (nameable.length === 0 || wildResources.length === 0) return [];
  return [`${of} allows ${nameable.join(', ')} on ${wildResources.join(', ')}`];
}

/** `*`, or an ARN whose resource is nothing but a wildcard: every log group of an account. */
function isEverything(resource: string): boolean {
  return resource === '*' || /^arn:([^:]*:){4}\*$/.test(resource);
}
