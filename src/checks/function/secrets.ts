import { fail, pass, unknown } from '../../core/finding.js';
import { requirement } from '../../requirements/requirement.js';
import { RESTORE_ACTIONS, restoreFix } from '../stack/restore.js';
import { templateRemedy } from '../template-remedy.js';
import type { PathCheck } from '../types.js';
import { deployedFunctions, FUNCTION_ACTIONS, FUNCTIONS } from './path-functions.js';

/** What gives a value away as a secret, and what it is called. */
const SHAPES: readonly [RegExp, string][] = [
  [/\bwhsec_\w{8,}/, 'a webhook signing secret'],
  [/\b(?:sk|rk)_(?:test|live)_\w{8,}/, 'a Stripe API key'],
  [/\b[a-z][a-z0-9+.-]*:\/\/[^\s:/@]*:[^\s/@]+@/i, 'a URL with its password'],
  [/\b(?:AKIA|ASIA)[A-Z0-9]{16}\b/, 'an AWS access key'],
  [/-----BEGIN [A-Z ]*PRIVATE KEY-----/, 'a private key'],
];
/** What a name promises; where its value only says where the secret is kept, that is as it should be. */
const NAMES =
  /(?:^|_)(?:SECRET|PASSWORD|PASSWD|PWD|TOKEN|API_?KEY|PRIVATE_?KEY)(?:$|_(?!PARAMETER|NAME|ARN|PATH|ID))/i;
const REFERENCE = /^(?:\/[\w./-]+|arn:[\w-]+:(?:ssm|secretsmanager|kms):.*|\{\{resolve:.*\}\})$/;

export const secrets: PathCheck = {
  ...requirement('function.secrets'),
  needs: ['function.state'],
  iam: FUNCTION_ACTIONS,
  fixIam: RESTORE_ACTIONS,
  async inspect(world) {
    const functions = await deployedFunctions(world);
    const found = functions
      .map(({ name, deployed }) => ({ name, secrets: secretsIn(deployed.environment) }))
      .filter((one) => one.secrets.length > 0);
    if (found.length > 0)
      return fail(
        found
          .map(
            ({ name, secrets: inside }) =>
              `${name} holds ${inside.map(({ variable, what }) => `${what} in ${variable}`).join(', ')}`,
          )
          .join('; '),
        {
          expected: 'the name of an SSM SecureString',
          actual: 'a value (not shown here)',
          evidence: found.map(({ name, secrets: inside }) => ({
            label: 'function',
            value: `${name}: ${inside.map(({ variable }) => variable).join(', ')}`,
            url: world.links.lambda(name),
          })),
          remedy: templateRemedy(
            world,
            'Take it out, as the template says; then change the secret: it has been readable.',
            'Store it as an SSM SecureString, give the function the name of the parameter and ssm:GetParameter on it; then change the secret: it has been readable.',
          ),
        },
      );
    const sealed = functions.filter(({ deployed }) => deployed.environmentError !== null);
    if (sealed.length > 0)
      return unknown(
        `the environment of ${sealed.map(({ name }) => name).join(', ')} cannot be decrypted: ${sealed[0]?.deployed.environmentError}`,
      );
    return pass(`none in ${functions.length} functions`);
  },
  ...restoreFix('function.secrets', FUNCTIONS),
};

function secretsIn(environment: Record<string, string>): { variable: string; what: string }[] {
  return Object.entries(environment).flatMap(([variable, value]) => {
    const what = SHAPES.find(([shape]) => shape.test(value))?.[1] ?? promised(variable, value);
    return what === undefined ? [] : [{ variable, what }];
  });
}

function promised(variable: string, value: string): string | undefined {
  return NAMES.test(variable) && value.trim() !== '' && !REFERENCE.test(value)
    ? 'what its name calls a secret'
    : undefined;
}
