import { databaseParameterName } from '../../../handlers/contract/environment.js';
import { fail, pass } from '../../core/finding.js';
import { Secret } from '../../core/secret.js';
import { databaseUrlWithPassword, describeDatabase, sameDatabase } from '../../world/database-url.js';
import { awsTags } from '../../world/ownership.js';
import type { World } from '../../world/world.js';
import { notOurs } from '../not-ours.js';
import type { PathCheck } from '../types.js';

export const databaseSecret: PathCheck = {
  id: 'secret.database',
  title: "The database's URL and password are stored as a SecureString",
  area: 'secret',
  severity: 'fail',
  needs: ['account.aws-region'],
  iam: ['ssm:GetParameter'],
  fixIam: ['ssm:PutParameter', 'ssm:DeleteParameter', 'ssm:AddTagsToResource'],
  why: 'The functions read it by name; in a parameter of the stack or in their environment anyone with read access would see the password.',
  async inspect(world) {
    const foreign = notOurs(world);
    if (foreign) return foreign;
    const name = databaseParameterName(world.settings.stage);
    const stored = await world.ssm.secret(name);
    const remedy = {
      text: 'Give the database (without its password) with --database and the password in CACHAO_DATABASE_PASSWORD or at the prompt.',
      commands: ['cachao setup'],
      fixable: wantedUrl(world) !== undefined,
    };
    if (!stored)
      return fail(`${name} does not exist`, { expected: 'a SecureString', actual: 'nothing', remedy });
    if (stored.type !== 'SecureString')
      return fail(`${name} is a ${stored.type}: its password can be read by anyone who may read parameters`, {
        expected: 'SecureString',
        actual: stored.type,
        remedy: {
          ...remedy,
          text: `Its type cannot be changed: it is deleted and made anew. ${remedy.text}`,
        },
      });
    if (differs(world, stored.value.reveal()))
      return fail(`${name} names another database, user or password than the settings`, {
        expected: describeDatabase(world.settings.database ?? ''),
        actual: describeDatabase(stored.value.reveal()),
        remedy,
      });
    return pass(`${name}: ${describeDatabase(stored.value.reveal())}`);
  },
  fix: {
    async plan(world) {
      const url = wantedUrl(world);
      if (!url || !world.settings.stack.managed) return [];
      const name = databaseParameterName(world.settings.stage);
      const stored = await world.ssm.secret(name);
      const plain = stored !== undefined && stored.type !== 'SecureString';
      return [
        {
          check: 'secret.database',
          action: plain ? 'replace' : stored ? 'update' : 'create',
          resource: 'SSM SecureString',
          name,
          details: [
            ...(plain ? [`type: ${stored.type} -> SecureString`] : []),
            `database: ${describeDatabase(url)}`,
            'password: (hidden)',
          ],
        },
      ];
    },
    async apply(bench) {
      const { world } = bench;
      const value = wantedUrl(world);
      if (!value) return;
      const name = databaseParameterName(world.settings.stage);
      const stored = await world.ssm.secret(name);
      const plain = stored !== undefined && stored.type !== 'SecureString';
      await bench.ssm[plain ? 'replaceWithSecret' : 'putSecret'](
        name,
        new Secret(value),
        `Orders database of stage ${world.settings.stage} (cachao)`,
        awsTags(world.settings),
      );
    },
  },
};

/** Undefined while the database, or its password, has not been given: then what is stored cannot be improved on. */
function wantedUrl(world: World): string | undefined {
  const { database } = world.settings;
  return database && world.databasePassword
    ? databaseUrlWithPassword(database, world.databasePassword.reveal())
    : undefined;
}

/** Whether setup would store another value than the one that is there. */
export async function databaseWillChange(world: World): Promise<boolean> {
  const stored = await world.ssm.secret(databaseParameterName(world.settings.stage));
  return stored !== undefined && wantedUrl(world) !== undefined && differs(world, stored.value.reveal());
}

function differs(world: World, stored: string): boolean {
  const wanted = wantedUrl(world);
  if (wanted) return wanted !== stored;
  return world.settings.database !== null && !sameDatabase(world.settings.database, stored);
}
