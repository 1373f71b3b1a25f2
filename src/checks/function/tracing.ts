import { pass, warn } from '../../core/finding.js';
import { requirement } from '../../requirements/requirement.js';
import { decide } from '../../world/access.js';
import type { World } from '../../world/world.js';
import { RESTORE_ACTIONS, restoreFix } from '../stack/restore.js';
import { templateRemedy } from '../template-remedy.js';
import type { PathCheck } from '../types.js';
import {
  type DeployedFunction,
  deployedFunctions,
  FUNCTION_ACTIONS,
  FUNCTIONS,
  functionEvidence,
  ROLES,
} from './path-functions.js';
import { ROLE_ACTIONS, roleStatements } from './role-policies.js';

const SENDS = ['xray:PutTraceSegments', 'xray:PutTelemetryRecords'];

export const tracing: PathCheck = {
  ...requirement('function.tracing'),
  needs: ['function.state'],
  iam: [...FUNCTION_ACTIONS, ...ROLE_ACTIONS],
  fixIam: RESTORE_ACTIONS,
  async inspect(world) {
    const functions = await deployedFunctions(world);
    const problems = (await Promise.all(functions.map((one) => problemOf(world, one)))).filter(
      (problem) => problem !== undefined,
    );
    const evidence = functionEvidence(world, functions);
    if (problems.length === 0) return pass(`Active for ${functions.length} functions`, { evidence });
    return warn(problems.join('; '), {
      expected: `Active, and ${SENDS.join(' and ')} for the role`,
      actual: problems.join('; '),
      evidence,
      remedy: templateRemedy(
        world,
        'Put tracing back as the template says.',
        'Set TracingConfig: {Mode: Active} (in SAM: Tracing: Active) and let the role send to X-Ray.',
      ),
    });
  },
  ...restoreFix('function.tracing', [...FUNCTIONS, ...ROLES]),
};

async function problemOf(world: World, { name, deployed }: DeployedFunction): Promise<string | undefined> {
  if (deployed.tracing !== 'Active') return `${name} is not traced (${deployed.tracing})`;
  const statements = await roleStatements(world, deployed.roleArn);
  const missing = SENDS.filter((action) => decide(statements, { action, resource: '*' }) !== 'allowed');
  return missing.length > 0 ? `the role of ${name} may not ${missing.join(', ')}` : undefined;
}
