/** Keys, as the SDK clients take them. */
export interface AwsKeys {
  accessKeyId: string;
  secretAccessKey: string;
  sessionToken?: string;
  expiration?: Date;
}

export type KeysProvider = () => Promise<AwsKeys>;

/** Keys are found anew this long before they expire, as the AWS CLI does before they must be. */
const EARLY_MS = 5 * 60_000;

export interface CredentialSource {
  region: string;
  profile: string | null;
  environment: NodeJS.ProcessEnv;
  /** How the SDK clients that sign in (SSO, STS) reach the network. */
  requestHandler: object;
  /** Asks for the code of the profile's MFA device. */
  mfaCode?: (serial: string) => Promise<string>;
}

/**
 * Credentials as the AWS CLI finds them: a profile that was named wins; else keys in the environment, then the
 * profile of AWS_PROFILE, web identity, SSO, assumed roles, a process, the container, the instance.
 */
export function credentialsOf(source: CredentialSource): KeysProvider {
  const provider = oneAtATime(() => load(source));
  return keptUntilExpiry(async () => (await provider())());
}

/** Makes it once; anew after a failure. */
function oneAtATime<T>(make: () => Promise<T>): () => Promise<T> {
  let made: Promise<T> | undefined;
  return () => {
    made ??= make().catch((error: unknown) => {
      made = undefined;
      throw error;
    });
    return made;
  };
}

/**
 * The same keys for every client of a run: a code of an MFA device is taken once, and a program that gives keys may
 * ask a person each time.
 */
function keptUntilExpiry(find: KeysProvider): KeysProvider {
  let kept: Promise<AwsKeys> | undefined;
  let until = Number.POSITIVE_INFINITY;
  return () => {
    if (kept && Date.now() < until) return kept;
    until = Number.POSITIVE_INFINITY;
    const finding = find().then(
      (keys) => {
        if (keys.expiration) until = keys.expiration.getTime() - EARLY_MS;
        return keys;
      },
      (error: unknown) => {
        if (kept === finding) kept = undefined;
        throw error;
      },
    );
    kept = finding;
    return finding;
  };
}

async function load(source: CredentialSource): Promise<KeysProvider> {
  const { fromEnv, fromIni, fromNodeProviderChain } = await import('@aws-sdk/credential-providers');
  const { environment, profile } = source;
  const keysInEnvironment = environment.AWS_ACCESS_KEY_ID && environment.AWS_SECRET_ACCESS_KEY;
  // The SDK lets AWS_PROFILE win over keys; the CLI does not.
  if (keysInEnvironment && (profile === null || profile === environment.AWS_PROFILE)) return fromEnv();
  const common = {
    ...(source.mfaCode ? { mfaCodeProvider: source.mfaCode } : {}),
    clientConfig: { requestHandler: source.requestHandler },
    // SSO stands in a region of its own (sso_region), which a region in clientConfig would hide.
    parentClientConfig: { region: source.region, requestHandler: source.requestHandler },
  };
  return profile === null ? fromNodeProviderChain(common) : fromIni({ profile, ...common });
}
