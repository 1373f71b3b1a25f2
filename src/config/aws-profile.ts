import { readFile } from 'node:fs/promises';
import { homedir } from 'node:os';
import { join } from 'node:path';

/**
 * The region that a profile names in the AWS configuration file (`AWS_CONFIG_FILE`, else `~/.aws/config`), as the
 * AWS CLI reads it. Null when the file, the profile or its region is absent.
 */
export async function regionOfProfile(
  profile: string | null,
  environment: NodeJS.ProcessEnv,
): Promise<string | null> {
  const path =
    environment.AWS_CONFIG_FILE ||
    join(environment.HOME || environment.USERPROFILE || homedir(), '.aws', 'config');
  const text = await readFile(path, 'utf8').catch(() => '');
  const wanted = profile ?? 'default';
  let inside = false;
  for (const line of text.split(/\r?\n/)) {
    const section = /^\s*\[\s*(?:profile\s+)?["']?([^\]"']+?)["']?\s*\]/.exec(line);
    if (section) inside = section[1] === wanted;
    const region = inside ? /^region\s*=\s*([^\s#;]+)/.exec(line) : null;
    if (region?.[1]) return region[1];
  }
  return null;
}
