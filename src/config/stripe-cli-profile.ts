import { readFile } from 'node:fs/promises';
import { homedir } from 'node:os';
import { join } from 'node:path';

/**
 * The API key that `stripe login` left in the Stripe CLI's configuration, for the mode; undefined when there is
 * none. The file is `$XDG_CONFIG_HOME/stripe/config.toml`, else `~/.config/stripe/config.toml`; the profile is
 * `STRIPE_PROJECT_NAME`, else "default". Keys that the CLI keeps in the system's keyring are not in the file
 * (it then holds a masked one), and are not found.
 */
export async function keyOfStripeCli(
  mode: 'test' | 'live',
  environment: NodeJS.ProcessEnv,
): Promise<string | undefined> {
  const home = environment.HOME || environment.USERPROFILE || homedir();
  const path = join(environment.XDG_CONFIG_HOME || join(home, '.config'), 'stripe', 'config.toml');
  const text = await readFile(path, 'utf8').catch(() => '');
  const key = stringOf(text, environment.STRIPE_PROJECT_NAME || 'default', `${mode}_mode_api_key`);
  return key && /^(sk|rk|rkcs)_(test|live)_\w+$/.test(key) ? key : undefined;
}

/** One string of one table; all that is needed of TOML here. */
function stringOf(toml: string, table: string, name: string): string | undefined {
  let inside = false;
  for (const line of toml.split(/\r?\n/)) {
    const header = /^\s*\[\s*["']?([^\]"']+?)["']?\s*\]\s*(?:#.*)?$/.exec(line);
    if (header) inside = header[1] === table;
    const member = inside ? /^\s*["']?([\w-]+)["']?\s*=\s*(["'])(.*?)\2/.exec(line) : null;
    if (member?.[1] === name) return member[3];
  }
  return undefined;
}
