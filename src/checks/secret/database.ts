import { databaseParameterName } from '../../../handlers/contract/environment.js';
import type { PlannedChange } from '../../core/check.js';
import { fail, pass } from '../../core/finding.js';
import { Secret } from '../../core/secret.js';
import { requirement } from '../../requirements/requirement.js';
import type { Bench } from '../../world/bench.js';
import { describeDatabase, sameServer, sameValue } from '../../world/database-url.js';
import { STANDARD_BYTES, wantedDatabaseValue } from '../../world/database-value.js';
import { awsTags } from '../../world/ownership.js';
import type { World } from '../../world/world.js';
import { notOurs } from '../not-ours.js';
import type { PathCheck } from '../types.js';

export const databaseSecret: PathCheck = {
  ...requirement('secret.database'),
  needs: ['account.aws-region'],
  iam: ['ssm:GetParameter'],
  fixIam: ['ssm:PutParameter', 'ssm:DeleteParameter', 'ssm:AddTagsToResource'],
  async inspect(world) {
    const foreign = notOurs(world);
    if (foreign) return foreign;
    const name = databaseParameterName(world.settings.stage);
    const stored = await world.ssm.secret(name);
    const remedy = {
      text: 'Give the database (without its password) with --database and the password in CACHAO_DATABASE_PASSWORD or at the prompt.',
      commands: ['cachao setup'],
      fixable: (await wantedDatabaseValue(world)) !== undefined,
    };
    if (!stored)
      return fail(`${name} does not exist`, { expected: 'a SecureString', actual: 'nothing', remedy });
    if (stored.type !== 'SecureString')
      return fail(`${name} is a ${stored.type}: its password can be read by anyone who may read parameters`, {
        expected: 'SecureString',
        actual: stored.type,
        remedy: {
          ...remedy,
          text: `Its type cannot be changed: it is deleted and created again. ${remedy.text}`,
        },
      });
    if (await differs(world, stored.value.reveal()))
      return fail(`${name} names another database, user, password or option than the settings`, {
        expected: describeDatabase(world.settings.database ?? ''),
        actual: describeDatabase(stored.value.reveal()),
        remedy,
      });
    return pass(`${name}: ${describeDatabase(stored.value.reveal())}`);
  },
  fixLeaves:
    'anything while the database or its password is not given (--database of setup, CACHAO_DATABASE and CACHAO_DATABASE_PASSWORD)',
  async fix(world) {
    if (!world.settings.stack.managed) return [];
    const value = await wantedDatabaseValue(world);
    const name = databaseParameterName(world.settings.stage);
    const stored = await world.ssm.secret(name);
    // A dry run asks nothing, and plans what the answers will make.
    if (value === undefined && !stored && !world.choices.repairs) return [unanswered(world, name)];
    if (value === undefined) return [];
    const plain = stored !== undefined && stored.type !== 'SecureString';
    return [
      {
        check: 'secret.database',
        action: plain ? 'replace' : stored ? 'update' : 'create',
        resource: 'SSM SecureString',
        name,
        details: [
          ...(plain ? [`type: ${stored.type} -> SecureString`] : []),
          `database: ${describeDatabase(value)}`,
          ...optionsOf(value),
          'password: (hidden)',
        ],
        apply: (bench) =>
          bench.ssm[plain ? 'replaceWithSecret' : 'putSecret'](
            name,
            new Secret(value),
            `Orders database of stage ${world.settings.stage} (cachao)`,
            awsTags(world.settings),
          ),
      },
    ];
  },
};

function unanswered({ settings: { database } }: World, name: string): PlannedChange<Bench> {
  return {
    check: 'secret.database',
    action: 'create',
    resource: 'SSM SecureString',
    name,
    details: [
      `database: ${database ? describeDatabase(database) : '(to be given with --database)'}`,
      'password: (to be given)',
    ],
    // Only a dry run plans it: any other asks first.
    apply: async () => {},
  };
}

/** What the URL says besides, and the certificates after it. */
function optionsOf(value: string): string[] {
  const [url = '', ...lines] = value.split('\n');
  const certificates = lines.filter((line) => line.includes('BEGIN CERTIFICATE')).length;
  const { search } = new URL(url);
  return [
    ...(search ? [`options: ${decodeURIComponent(search.slice(1))}`] : []),
    ...(certificates > 0 ? [`certificates of its authority: ${certificates}`] : []),
    ...(Buffer.byteLength(value) > STANDARD_BYTES
      ? ['tier: Advanced, for more than 4 KB: some 0.05 USD a month']
      : []),
  ];
}

/** Whether setup would store another value than the one that is there. */
export async function databaseWillChange(world: World): Promise<boolean> {
  const stored = await world.ssm.secret(databaseParameterName(world.settings.stage));
  const wanted = await wantedDatabaseValue(world);
  return stored !== undefined && wanted !== undefined && !sameValue(wanted, stored.value.reveal());
}

async function differs(world: World, stored: string): Promise<boolean> {
  const wanted = await wantedDatabaseValue(world);
  if (wanted !== undefined) return !sameValue(wanted, stored);
  return world.settings.database !== null && !sameServer(world.settings.database, stored);
}
