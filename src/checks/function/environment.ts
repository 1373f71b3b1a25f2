import { fail, pass, skipped } from '../../core/finding.js';
import { requirement } from '../../requirements/requirement.js';
import { declaredResources } from '../../world/declared-resources.js';
import type { World } from '../../world/world.js';
import { notOurs } from '../not-ours.js';
import { RESTORE_ACTIONS, restoreFix } from '../stack/restore.js';
import { templateRemedy } from '../template-remedy.js';
import type { PathCheck } from '../types.js';
import {
  type DeployedFunction,
  deployedFunctions,
  FUNCTION_ACTIONS,
  FUNCTIONS,
  functionEvidence,
} from './path-functions.js';

export const environment: PathCheck = {
  ...requirement('function.environment'),
  needs: ['function.state'],
  iam: [
    ...FUNCTION_ACTIONS,
    'cloudformation:GetTemplate',
    'cloudformation:ListStackResources',
    'sts:GetCallerIdentity',
  ],
  fixIam: RESTORE_ACTIONS,
  async inspect(world) {
    const foreign = notOurs(world);
    if (foreign) return foreign;
    const functions = await deployedFunctions(world);
    const declared = await variablesDeclared(world);
    const known = functions.filter(({ name }) => declared.has(name));
    if (known.length === 0) return skipped('what the stack defines for them is not known here');
    const wrong = known
      .map((one) => ({ ...one, wrong: differences(one, declared.get(one.name) ?? {}) }))
      .filter((one) => one.wrong.length > 0);
    if (wrong.length === 0)
      return pass(`as declared, in ${known.length} functions`, { evidence: functionEvidence(world, known) });
    const said = (show: (difference: Difference) => string) =>
      wrong.map((one) => `${one.name}: ${one.wrong.map(show).join(', ')}`).join('; ');
    return fail(
      said(({ variable, actual }) => `${variable} is ${actual}`),
      {
        expected: said(({ variable, expected }) => `${variable} = ${expected}`),
        actual: said(({ variable, actual }) => `${variable} = ${actual}`),
        evidence: functionEvidence(world, wrong),
        remedy: templateRemedy(
          world,
          'Put the variables back, as the stack gave them.',
          'Give the function the variables that the template states.',
        ),
      },
    );
  },
  ...restoreFix('function.environment', FUNCTIONS),
};

interface Difference {
  variable: string;
  expected: string;
  actual: string;
}

/** What the deployed template gives each function, by the function's name. */
async function variablesDeclared(world: World): Promise<Map<string, Record<string, string>>> {
  const found = (await declaredResources(world)).flatMap(({ type, physicalId, properties }) => {
    const { Variables } = (properties.Environment ?? {}) as { Variables?: Record<string, string> };
    return type === 'AWS::Lambda::Function' && physicalId && Variables
      ? ([[physicalId, Variables]] as const)
      : [];
  });
  return new Map(found);
}

/** Only what the template states: what else a person added is no matter of ours. */
function differences({ deployed }: DeployedFunction, declared: Record<string, string>): Difference[] {
  // An environment that cannot be decrypted tells nothing; another check says so.
  if (deployed.environmentError !== null) return [];
  return Object.entries(declared)
    .filter(([variable, value]) => deployed.environment[variable] !== String(value))
    .map(([variable, value]) => ({
      variable,
      expected: String(value),
      actual: shown(deployed.environment[variable]),
    }));
}

/** Somebody may have written a secret where its name belongs. */
function shown(value: string | undefined): string {
  if (value === undefined) return '(not set)';
  return /^(?:\/[\w./-]+|true|false|[a-z]{3})$/.test(value) ? value : '(another value, not shown)';
}
