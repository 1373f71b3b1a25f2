import type { AwsKeys } from '../../aws/credentials.js';
import { AwsSession } from '../../aws/session.js';
import { withProfileEndpoints } from '../../config/aws-profile.js';
import type { Settings } from '../../config/settings.js';
import type { Prompts } from '../../terminal/prompts.js';
import type { CliContext } from './context.js';

/** Keys by profile, for the length of a run: stages of one account sign in once. */
const signedIn = new WeakMap<Prompts, Map<string | null, () => Promise<AwsKeys>>>();

/**
 * AWS as a stage's profile sees it. On a terminal the code of the profile's MFA device is asked for here, before
 * anything is drawn; whatever else is wrong with the credentials shows at the first call.
 */
export async function openAws(
  { prompts, version }: Pick<CliContext, 'prompts' | 'version'>,
  { region, profile }: Pick<Settings, 'region' | 'profile'>,
): Promise<AwsSession> {
  const known = signedIn.get(prompts) ?? new Map<string | null, () => Promise<AwsKeys>>();
  signedIn.set(prompts, known);
  const environment = await withProfileEndpoints(profile, process.env);
  const keys = known.get(profile);
  if (keys) return new AwsSession({ region, profile, version, environment, credentials: keys });
  let asked = false;
  const mfaCode = async (serial: string): Promise<string> => {
    asked = true;
    const { code = '' } = await prompts.ask([codeOf(serial)]);
    return code;
  };
  const session = new AwsSession({
    ...{ region, profile, version, environment },
    ...(prompts.possible ? { mfaCode } : {}),
  });
  known.set(profile, session.keys);
  if (prompts.possible && profile !== null)
    await session.signIn().catch((error: unknown) => {
      if (asked) throw error;
    });
  return session;
}

function codeOf(serial: string) {
  return {
    name: 'code',
    what: `Code of the MFA device ${serial}`,
    flag: 'typing it on a terminal',
    variable: 'AWS_SESSION_TOKEN with its keys (aws sts get-session-token)',
    why: 'the AWS profile wants it',
    check: (answer: string) => (/^\d{6}$/.test(answer) ? undefined : 'It has six digits.'),
  };
}
