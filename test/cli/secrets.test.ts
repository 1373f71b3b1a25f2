import { describe, expect, it } from 'vitest';
import { runCli, temporaryDirectory } from '../support/run-cli.js';

const IN_ENVIRONMENT = {
  STRIPE_API_KEY: 'sk_test_EnvironmentKey0123456789',
  CACHAO_DATABASE_PASSWORD: 'environment-password-5f2a',
  AWS_SECRET_ACCESS_KEY: 'EnvironmentSecretAccessKey0123456789abcd',
  AWS_SESSION_TOKEN: 'EnvironmentSessionToken0123456789',
};
const IN_ARGUMENTS = 'rk_live_ArgumentKey0123456789';
const ALL = [...Object.values(IN_ENVIRONMENT), IN_ARGUMENTS, 'argument-password-77', 'hunter2'];

const MISTAKES: [string, string[]][] = [
  ['a secret as a flag', ['probe', `--stripe-key=${IN_ARGUMENTS}`]],
  ['a secret after a flag that is not there', ['probe', '--database-password', 'hunter2']],
  ['a secret stuck to a short flag', ['probe', '-phunter2']],
  ['a secret in the place of a command', [IN_ARGUMENTS]],
  ['a secret as an argument too many', ['probe', 'one', IN_ARGUMENTS]],
  ['a secret before the command', [`--key=${IN_ARGUMENTS}`, 'probe']],
  ['a secret as a value', ['probe', '--choice', IN_ARGUMENTS]],
  ['a secret as a stage', ['probe', '--do', 'settings', '--stage', IN_ARGUMENTS]],
  [
    'a password in the database URL',
    ['probe', '--do', 'settings', '--database', 'mysql://shop:argument-password-77@db.example/shop'],
  ],
  ['a defect that quotes a secret', ['probe', '--do', 'defect']],
  ['a mistyped flag beside good ones', ['probe', '--region', 'eu-west-1', '--stge', 'dev']],
];

describe.concurrent('no secret is printed', () => {
  const modes: [string, string[], Record<string, string>][] = [
    ['as JSON', ['--json'], {}],
    ['as text with debugging', ['--verbose'], { CACHAO_DEBUG: '1' }],
  ];
  const cases = MISTAKES.flatMap(([what, args]) =>
    modes.map(([mode, more, env]) => ({ what, mode, args: [...args, ...more], env })),
  );
  it.each(cases)('$what, $mode', async ({ args, env }) => {
    const run = await runCli(args, { env: { ...IN_ENVIRONMENT, ...env } });
    expect(run.exitCode).not.toBe(0);
    for (const secret of ALL) expect(run.stdout + run.stderr).not.toContain(secret);
  });

  it('not by the debug traces of dependencies either', async () => {
    const run = await runCli(['probe', `--key=${IN_ARGUMENTS}`], {
      env: { ...IN_ENVIRONMENT, DEBUG: '*', CLI_FLAGS_DEBUG: '1' },
    });
    expect(run.stderr).toContain('rk_live_[secret]');
    for (const secret of ALL) expect(run.stdout + run.stderr).not.toContain(secret);
  });

  it('a secret in a result reads [secret]', async () => {
    const run = await runCli(['probe', '--do', 'secret', '--json'], { env: IN_ENVIRONMENT });
    expect(JSON.parse(run.stdout)).toMatchObject({ secret: '[secret]', source: 'STRIPE_API_KEY' });
  });

  it('the database URL with a password is refused, with what to do', async () => {
    const run = await runCli(
      ['probe', '--do', 'settings', '--region', 'eu-west-1', '--json', '--database', 'mysql://u:pw@h/db'],
      { cwd: temporaryDirectory() },
    );
    const { error } = JSON.parse(run.stdout);
    expect(error.code).toBe('PASSWORD_IN_URL');
    expect(error.next.join(' ')).toContain('CACHAO_DATABASE_PASSWORD');
  });
});
