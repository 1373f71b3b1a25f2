import { type Command, Parser } from '@oclif/core';
import { describe, expect, it } from 'vitest';
import Local from '../../../commands/local.js';
import Reconcile from '../../../commands/reconcile.js';
import { unknownCommand } from '../../../src/cli/app/unknown-command.js';
import { usageError } from '../../../src/cli/shared/usage-error.js';

const IDS = ['checkout', 'deploy', 'destroy', 'doctor', 'local', 'reconcile', 'replay-dlq', 'setup', 'trace'];

describe('a first word that is no command', () => {
  it.each([
    ['replay', 'replay-dlq'],
    ['status', 'doctor'],
    ['check', 'doctor'],
    ['init', 'setup'],
    ['log', 'trace'],
    ['chekcout', 'checkout'],
    ['Doctr', 'doctor'],
  ])('%s: did you mean %s?', (word, meant) => {
    expect(unknownCommand([word], IDS).message).toContain(`Did you mean "cachao ${meant}"?`);
  });

  it('is not guessed at where nothing is near', () => {
    expect(unknownCommand(['xylophone'], IDS).message).toBe('There is no command "xylophone".');
  });
});

describe('an argument that is missing', () => {
  it('is named, with what it is', () => {
    const args = [{ name: 'id', description: 'evt_…, cs_…, or the id of an order.' }];
    const thrown = Object.assign(new Error('Missing 1 required arg:\nid  evt_…'), { args, parse: {} });
    expect(usageError(thrown, 'trace', [])).toMatchObject({
      code: 'ARGUMENT_MISSING',
      message: 'cachao trace needs ID. evt_…, cs_…, or the id of an order.',
      exitCode: 2,
    });
  });
});

describe('flags that do not fit each other', () => {
  it.each<[typeof Command, string[], string, string]>([
    [
      Local,
      ['--export', '--reset'],
      'FLAG_CONFLICT',
      '--reset and --export do not go together: leave one out.',
    ],
    [Reconcile, ['--include-before'], 'FLAG_INVALID', '--include-before goes only with --apply.'],
  ])('are named, and their values are not', async (command, argv, code, message) => {
    const thrown = await Parser.parse(argv, { flags: command.flags }).catch((error: unknown) => error);
    expect(usageError(thrown, 'local', [])).toMatchObject({ code, message, exitCode: 2 });
  });
});
