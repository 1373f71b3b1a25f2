import { Config, Plugin, settings } from '@oclif/core';
import { failureOf } from '../shared/result.js';
import type { Invocation } from './invocation.js';
import { unknownCommand } from './unknown-command.js';

export interface MainOptions {
  /** The package's directory. */
  root: string;
  /** Where commands stand as TypeScript, below the root, when they run as they stand; null: those that were built. */
  source: string | null;
}

/** Finds the command, loads it alone, and runs it. Every outcome is told through the invocation. */
export async function main(invocation: Invocation, options: MainOptions): Promise<void> {
  const unexpected = (thrown: unknown): void => {
    invocation.finish(failureOf(thrown));
    // What goes on after a defect cannot be trusted.
    process.exit();
  };
  process.on('uncaughtException', unexpected);
  process.on('unhandledRejection', unexpected);
  try {
    const config = await loadConfig(options);
    const [id = '', ...rest] = invocation.argv;
    const found = config.findCommand(id);
    if (!found) {
      const ids = config.commands.filter((command) => !command.hidden).map((command) => command.id);
      throw unknownCommand(invocation.argv, ids);
    }
    const LoadedCommand = await found.load();
    // Run by itself, not through oclif's runner, which would load everything a second time.
    await new (LoadedCommand as unknown as CommandConstructor)(rest, config).run();
  } catch (thrown) {
    invocation.finish(failureOf(thrown));
  }
}

type CommandConstructor = new (argv: string[], config: Config) => { run(): Promise<void> };

async function loadConfig({ root, source }: MainOptions): Promise<Config> {
  // oclif must not look for TypeScript by itself: the loader, if any, is there already.
  settings.enableAutoTranspile = false;
  // There are no plugins: nobody looks for them below HOME, which need not even be a directory.
  const options = { root, userPlugins: false };
  if (source === null) return Config.load(options);
  const plugin = await sourcePlugin(root, source);
  return Config.load({ ...options, plugins: new Map([[plugin.name, plugin]]) });
}

/** The commands as they stand in the TypeScript, whatever the manifest says. */
export async function sourcePlugin(root: string, commands: string): Promise<Plugin> {
  settings.enableAutoTranspile = false;
  const { readFile } = await import('node:fs/promises');
  const { join } = await import('node:path');
  const pjson = JSON.parse(await readFile(join(root, 'package.json'), 'utf8'));
  const plugin = new Plugin({
    root,
    isRoot: true,
    ignoreManifest: true,
    // A command that does not load is told, not left out.
    errorOnManifestCreate: true,
    pjson: { ...pjson, oclif: { ...pjson.oclif, commands } },
  } as ConstructorParameters<typeof Plugin>[0]);
  await plugin.load();
  return plugin;
}
