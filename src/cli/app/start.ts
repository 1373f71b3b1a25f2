import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { hideSecretsOf } from '../../config/secrets.js';
import { redact } from '../../core/secret.js';
import { renderCommandHelp } from '../help/command.js';
import { type EarlyQuestion, earlyQuestion } from '../help/early.js';
import { type Manifest, readManifest } from '../help/manifest.js';
import { renderRootHelp } from '../help/root.js';
import { type CommandResult, failureOf } from '../shared/result.js';
import { invocation } from './invocation.js';
import type { MainOptions } from './main.js';
import { unknownCommand } from './unknown-command.js';

/** Help is read by people, also through a pager. */
const HELP_WIDTH = 100;

/**
 * Where the program begins. Help and version are answered from the manifest at once; everything else loads oclif
 * and one command. Ends the process with the exit code of what was told, after all output has left.
 */
export async function start(options: MainOptions): Promise<never> {
  hideSecretsOf(process.env);
  const run = invocation();
  process.stdout.on('error', (error) => run.loseOutput(error));
  // What goes on cannot be told where nobody listens; the result is what counts.
  process.stderr.on('error', () => undefined);
  redactWarnings();
  const question = earlyQuestion(run.argv);
  try {
    if (question) run.finish(await answer(question, options));
    else await (await import('./main.js')).main(run, options);
  } catch (thrown) {
    run.finish(failureOf(thrown));
  }
  await Promise.all([written(process.stdout), written(process.stderr)]);
  // An error of the last write is told after it.
  await new Promise((resolve) => setImmediate(resolve));
  process.exit();
}

/** Warnings and debug traces of dependencies are written by themselves, and may quote the command line. */
function redactWarnings(): void {
  const write = process.stderr.write.bind(process.stderr) as (...args: unknown[]) => boolean;
  process.stderr.write = ((chunk: unknown, ...more: unknown[]) =>
    write(typeof chunk === 'string' ? redact(chunk) : chunk, ...more)) as typeof process.stderr.write;
}

function written(stream: NodeJS.WriteStream): Promise<void> {
  if (stream.destroyed || !stream.writable) return Promise.resolve();
  return new Promise((resolve) => stream.write('', () => resolve()));
}

async function answer(question: EarlyQuestion, options: MainOptions): Promise<CommandResult> {
  if (question.ask === 'version') return versionOf(options.root);
  const manifest = await manifestOf(options);
  if (question.command === null)
    return {
      outcome: 'ok',
      more: { help: manifest.commands },
      text: (canvas) => renderRootHelp(manifest, canvas.atMost(HELP_WIDTH)),
    };
  const command = manifest.commands[question.command];
  if (!command) throw unknownCommand([question.command], Object.keys(manifest.commands));
  return {
    outcome: 'ok',
    more: { help: command },
    text: (canvas) => renderCommandHelp(command, canvas.atMost(HELP_WIDTH)),
  };
}

function versionOf(root: string): CommandResult {
  const { name, version } = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8'));
  const { platform, arch } = process;
  return {
    outcome: 'ok',
    more: { version, node: process.version, platform: `${platform}-${arch}` },
    text: () => `${name}/${version} ${platform}-${arch} node-${process.version}`,
  };
}

async function manifestOf({ root, source }: MainOptions): Promise<Manifest> {
  if (source === null) return readManifest(root);
  const { sourcePlugin } = await import('./main.js');
  return (await sourcePlugin(root, source)).manifest as unknown as Manifest;
}
