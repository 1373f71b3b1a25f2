import type { LedgerStage, Probe } from '../../../handlers/contract/operations.js';
import type { Progress } from '../../core/check.js';
import { fail, pass, type Verdict, warn } from '../../core/finding.js';
import { requirement } from '../../requirements/requirement.js';
import type { Bench } from '../../world/bench.js';
import { operate, probe } from '../../world/operations.js';
import type { World } from '../../world/world.js';
import { databaseWillChange } from '../secret/database.js';
import type { PathCheck } from '../types.js';

type Schema = NonNullable<Probe['schema']>;

/** Only when every one of them is absent may we create the shop's own tables. */
const SHOP_TABLES = 3;

export const databaseSchema: PathCheck = {
  ...requirement('database.schema'),
  otherwise:
    "a stage of the other mode uses the same orders, or triggers of the shop's act on what a payment writes",
  needs: ['database.reachable'],
  iam: ['cloudformation:DescribeStacks', 'lambda:InvokeFunction'],
  fixIam: ['ssm:GetParameter'],
  async inspect(world) {
    const { schema } = await probe(world);
    if (!schema) return fail('the database could not be read');
    const ofShop = shopFaults(schema);
    const ofOurs = schema.current && schema.stages ? null : behind(schema, world);
    if (ofShop.length > 0) return shopVerdict(schema, world, [...ofShop, ...(ofOurs ? [ofOurs[0]] : [])]);
    return ofOurs ? ownVerdict(schema, ofOurs) : currentVerdict(schema, world);
  },
  fixLeaves:
    "the shop's own tables (with --local it creates them where all are absent), and a database that stages of both modes use",
  async fix(world) {
    // No function of ours looks into the database there, and no table of ours belongs into it.
    if (!world.settings.stack.managed) return [];
    // Before the function is deployed, or knows the address, nobody can look into the database.
    const isSeen = (await world.stackOutputs()) && !(await databaseWillChange(world));
    const schema = isSeen ? (await probe(world)).schema : null;
    const details: string[] = [];
    if (!schema)
      details.push('create stripe_events, stripe_event_arrivals (the ledger), if they are not there');
    else details.push(...migrationDetails(schema, world));
    if (schema && !creatable(schema, world) && schema.shop.missingTables.length > 0) return [];
    if (schema ? schema.shop.missingTables.length > 0 : world.choices.createShopTables)
      details.push('create ticket_orders, tickets, discount_codes, where all of them are absent');
    if (details.length === 0) return [];
    return [
      {
        check: 'database.schema',
        action: 'run',
        resource: 'database migration',
        name: world.settings.database ?? 'the orders database',
        details,
        apply: migrate,
      },
    ];
  },
};

async function migrate({ world }: Bench, progress: Progress): Promise<void> {
  const { applied, shopTablesCreated, database } = await operate(world, 'migrate', {
    createShopTables: world.choices.createShopTables,
  });
  world.forget();
  if (applied.length > 0)
    progress.note(`applied ${applied.join(', ')} in ${database.host}:${database.port}/${database.schema}`);
  if (shopTablesCreated) progress.note("created the shop's tables");
}

/** The other stages that keep their ledger in the same tables. */
function others({ stages = [] }: Schema, { settings }: World): LedgerStage[] {
  return stages.filter(({ stage }) => stage !== settings.stage);
}

const namesOf = (stages: readonly LedgerStage[]): string =>
  `stage${stages.length === 1 ? '' : 's'} ${stages.map(({ stage }) => stage).join(', ')}`;

function currentVerdict(schema: Schema, world: World): Verdict {
  const sharing = others(schema, world);
  const live = world.settings.mode === 'live';
  const otherMode = sharing.filter(({ livemode }) => livemode !== live);
  const evidence = sharing.map(({ stage, livemode }) => ({
    label: 'also used by',
    value: `stage ${stage} (${livemode ? 'live' : 'test'} mode)`,
  }));
  if (otherMode.length > 0)
    return warn(
      `${namesOf(otherMode)} (${live ? 'test' : 'live'} mode) uses the same orders: a payment with a test card could mark an order of the live stage paid`,
      {
        expected: 'live and test orders in databases of their own',
        actual: 'one database for both',
        evidence,
        remedy: {
          text: 'Give the test stage its own database: run its setup with another --database.',
          commands: [],
          fixable: false,
        },
      },
    );
  const { triggers = [] } = schema.shop;
  if (triggers.length > 0)
    return warn(
      `${triggers.length === 1 ? 'a trigger acts' : `${triggers.length} triggers act`} on what a payment writes: ${triggers.join(', ')}`,
      {
        expected: 'no trigger beside the writes of a payment, or one that is meant so',
        actual: triggers.join(', '),
        evidence,
        remedy: {
          text: 'See that none of them counts tickets or discount codes as well, or sends what may not be sent twice; then mute this check.',
          commands: [],
          fixable: false,
        },
      },
    );
  const shared = sharing.length > 0 ? `; shared with ${namesOf(sharing)}, each with rows of its own` : '';
  return pass(`current; recording since ${schema.recordingSince}${shared}`, { evidence });
}

/** What is not as it should be with our own tables, and the same as the actual state. */
function behind({ pending, lost = [], stages }: Schema, { settings }: World): [string, string] {
  if (lost.length > 0)
    return [
      `gone, though ${lost.length === 1 ? 'it was' : 'they were'} made: ${lost.join(', ')}`,
      `gone: ${lost.join(', ')}; to run: ${pending.join(', ')}`,
    ];
  if (pending.length > 0)
    return [
      `${pending.length} migration${pending.length === 1 ? ' is' : 's are'} not applied: ${pending.join(', ')}`,
      `to run: ${pending.join(', ')}`,
    ];
  if (!stages)
    return [
      'the deployed functions are of an earlier version, under which the ledger does not tell its stages apart',
      'migrations of an earlier version',
    ];
  return [`stage ${settings.stage} is not entered in the ledger`, 'a ledger of other stages'];
}

function migrationDetails(schema: Schema, world: World): string[] {
  if (schema.current && schema.stages) return [];
  if (!schema.stages) return ['apply what is new in this version, once the functions are current'];
  const sharing = others(schema, world);
  return [
    ...schema.pending.map((name) => `apply ${name}`),
    ...(schema.lost?.length ? [`make again: ${schema.lost.join(', ')}`] : []),
    ...(schema.stages.some(({ stage }) => stage === world.settings.stage)
      ? []
      : [`enter stage ${world.settings.stage} as one that uses the ledger`]),
    ...(sharing.length > 0
      ? [`the ledger is shared with ${namesOf(sharing)}; each has rows of its own`]
      : []),
  ];
}

/** What is wrong with the shop's own tables, all of it, one clause each. */
function shopFaults({ shop, writeRefusal }: Schema): string[] {
  return [
    ...(shop.missingTables.length > 0
      ? [`the shop's tables are missing: ${shop.missingTables.join(', ')}`]
      : []),
    ...shop.missingColumns.map((column) => `the column ${column} is missing`),
    ...(shop.missingStatuses.length > 0
      ? [`an order's status cannot be ${shop.missingStatuses.join(' or ')}`]
      : []),
    ...shop.wrongEngine.map((table) => `${table} is not InnoDB, so without transactions`),
    ...(shop.problems ?? []),
    ...(writeRefusal ? [`a payment cannot be written: ${writeRefusal}`] : []),
  ];
}

function shopVerdict({ shop }: Schema, world: World, wrong: readonly string[]): Verdict {
  const { missingTables, wrongEngine } = shop;
  const isEmpty = missingTables.length === SHOP_TABLES;
  const advice = isEmpty
    ? 'Is it the right database? If the shop is new, let cachao create the tables with --create-shop-tables.'
    : missingTables.length > 0
      ? 'Create the missing tables, and change the others, as the shop does; cachao never alters tables of the shop.'
      : 'Change the tables as the shop does; cachao never alters tables of the shop.';
  return fail(wrong.join('; '), {
    expected: 'tables as docs/orders-schema.md has them',
    actual: wrong.length === 1 ? (wrong[0] as string) : `${wrong.length} things in the way`,
    remedy: {
      text: `${advice}${wrongEngine.length > 0 ? ' The engine: ALTER TABLE <name> ENGINE = InnoDB.' : ''}`,
      commands: isEmpty ? ['cachao setup --create-shop-tables'] : [],
      fixable: isEmpty && world.choices.createShopTables,
    },
  });
}

function ownVerdict({ lost = [] }: Schema, [summary, actual]: [string, string]): Verdict {
  return fail(summary, {
    expected: 'every migration applied, and all that they made is there',
    actual,
    remedy: {
      text:
        lost.length > 0
          ? "Run the migrations again: they create what is missing, and touch only cachao's own tables. Events missing from the ledger can be delivered again: paid orders stay paid."
          : "Apply them; they touch only cachao's own tables.",
      commands: ['cachao setup', ...(lost.length > 0 ? ['cachao reconcile --apply'] : [])],
      fixable: true,
    },
  });
}

function creatable(schema: Schema, world: World): boolean {
  return world.choices.createShopTables && schema.shop.missingTables.length === SHOP_TABLES;
}
