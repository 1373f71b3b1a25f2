import { SECRET_REFRESH_MS } from '../contract/environment.js';
import { readParameter } from '../shared/aws/parameters.js';
import { HandlerError } from '../shared/errors.js';

/** The signing secrets that are accepted. Several during a rotation. @throws HandlerError CONFIGURATION */
export async function signingSecrets(parameter: string): Promise<string[]> {
  return parse(parameter, (await readParameter(parameter)).value);
}

/** The same, read again unless that was done moments ago: a rotation needs no new deployment. */
export async function freshSigningSecrets(parameter: string): Promise<string[]> {
  return parse(parameter, (await readParameter(parameter, SECRET_REFRESH_MS)).value);
}

function parse(parameter: string, value: string): string[] {
  const secrets = value
    .split(',')
    .map((secret) => secret.trim())
    .filter((secret) => secret !== '');
  if (secrets.length === 0)
    throw new HandlerError('CONFIGURATION', `The SSM parameter ${parameter} holds no signing secret.`);
  return secrets;
}
