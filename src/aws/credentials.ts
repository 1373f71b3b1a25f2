/** Keys, as the SDK clients take them. */
export interface AwsKeys {
  accessKeyId: string;
  secretAccessKey: string;
  sessionToken?: string;
  expiration?: Date;
}

type KeysProvider = () => Promise<AwsKeys>;

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
  let provider: Promise<KeysProvider> | undefined;
  return async (): Promise<AwsKeys> => {
    provider ??= load(source);
    return (await provider)();
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
    clientConfig: { region: source.region, requestHandler: source.requestHandler },
  };
  return profile === null ? fromNodeProviderChain(common) : fromIni({ profile, ...common });
}
