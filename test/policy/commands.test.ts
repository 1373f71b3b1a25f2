import { readdirSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { COMMAND_PERMISSIONS } from '../../src/policy/commands.js';

/** They talk to no cloud of the user's, or to none by themselves. */
const NEEDS_NOTHING = ['audit', 'local', 'policy', 'explain'];

describe('what commands declare of their permissions', () => {
  it('is there for every command that talks to a cloud', () => {
    const commands = readdirSync(new URL('../../commands/', import.meta.url), { recursive: true })
      .map((file) => String(file).replace(/\.ts$/, ''))
      .filter((command) => !NEEDS_NOTHING.includes(command));
    const declared = COMMAND_PERMISSIONS.map(({ command }) => command.split(' ')[0] ?? '');
    expect([...new Set(declared)].sort()).toEqual(commands.sort());
  });

  it('names IAM actions and Stripe permissions in their own form', () => {
    for (const { command, inspects, iam, stripe } of COMMAND_PERMISSIONS) {
      const actions = [...iam, ...inspects.flatMap((check) => [...check.iam, ...(check.fixIam ?? [])])];
      const permissions = [
        ...stripe,
        ...inspects.flatMap((check) => [...(check.stripe ?? []), ...(check.fixStripe ?? [])]),
      ];
      for (const action of actions) expect(action, command).toMatch(/^[a-z0-9]+:[A-Z][A-Za-z]+$/);
      for (const permission of permissions) expect(permission, command).toMatch(/^[a-z_]+_(read|write)$/);
    }
  });
});
