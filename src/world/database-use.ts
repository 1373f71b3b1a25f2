import { setTimeout as sleep } from 'node:timers/promises';
import { type Address, readAddress } from '../../handlers/contract/database-address.js';
import { databaseParameterName, SECRET_MAXIMUM_AGE_MS } from '../../handlers/contract/environment.js';
import {
  type DatabaseUnreachable,
  type DatabaseUse,
  type FunctionProbe,
  PROBE_REQUEST,
} from '../../handlers/contract/probe.js';
import type { Progress } from '../core/check.js';
import { CachaoError, CannotLookError } from '../core/errors.js';
import { EXIT } from '../core/exit-code.js';
import { askFunction } from './ask-function.js';
import { probe, readFailure } from './operations.js';
import { type PathFunction, paymentPath } from './payment-path.js';
import type { World } from './world.js';

/** IAM actions of asking every function which database it uses, and of comparing. */
export const USE_ACTIONS: readonly string[] = [
  'cloudformation:DescribeStacks',
  'lambda:GetFunction',
  'lambda:InvokeFunction',
  'ssm:GetParameter',
];

/** One function, and the database that it says it uses. */
export interface FunctionUse {
  function: string;
  role: PathFunction['role'];
  database: DatabaseUse | DatabaseUnreachable;
}

/** Asks every function of our own stack, all at once. Kept: all who ask share one look. */
export function databaseUses(world: World): Promise<FunctionUse[]> {
  return world.once('database uses', async () => {
    const path = await paymentPath(world);
    return Promise.all((path?.functions ?? []).map((one) => useOf(world, one)));
  });
}

async function useOf(world: World, { name, role }: PathFunction): Promise<FunctionUse> {
  if (role === 'operations') return { function: name, role, database: (await probe(world)).database };
  const { payload, functionError } = await askFunction(world, name, PROBE_REQUEST);
  if (functionError !== null) throw functionFailed(name, readFailure(payload));
  const answer = (JSON.parse(payload || 'null') ?? {}) as Partial<Extract<FunctionProbe, { stage: string }>> &
    Partial<Extract<FunctionProbe, { error: object }>>;
  if (answer.error) throw functionFailed(name, `${answer.error.code}: ${answer.error.message}`);
  if (answer.probe !== true || !answer.database)
    throw new CannotLookError({
      code: 'PROBE_NOT_ANSWERED',
      message: `${name} does not say which database it uses: it answered ${payload.slice(0, 200)}`,
      why: 'Code from before there was such a question does not know it.',
      next: ['Run cachao setup, which deploys the code of this version.'],
    });
  return { function: name, role, database: answer.database };
}

function functionFailed(name: string, failure: string): CannotLookError {
  return new CannotLookError({
    code: 'FUNCTION_FAILED',
    message: `${name} fails when it is asked which database it uses: ${failure}`,
    why: 'A function that cannot answer this cannot take an event either.',
    next: ['Run cachao doctor: it says what is wrong with the function. Then run this again.'],
    exitCode: EXIT.problem,
  });
}

/** What is configured: the parameter as it is now, and the address in it. */
interface Configured {
  parameter: string;
  version: number;
  modifiedAt: number;
  address: Address;
}

/** Undefined where there is no such parameter, or no address in it. */
async function configured(world: World): Promise<Configured | undefined> {
  const parameter = databaseParameterName(world.settings.stage);
  const stored = await world.ssm.secret(parameter);
  const address = stored && readAddress(stored.value.reveal(), world.settings.mode === 'live');
  if (!stored || !address || typeof address === 'string') return undefined;
  return { parameter, version: stored.version, modifiedAt: Date.parse(stored.modifiedAt ?? ''), address };
}

export interface Difference {
  function: string;
  /** One line each: "schema: shop instead of shop2". */
  details: string[];
}

/** Where a function uses another database than the one that is configured, or than the operations function sees. */
export async function databaseDifferences(world: World): Promise<Difference[]> {
  const [wanted, uses] = await Promise.all([configured(world), databaseUses(world)]);
  const operations = uses.find(({ role }) => role === 'operations')?.database;
  return uses
    .map((use) => ({ function: use.function, details: detailsOf(use.database, wanted, operations) }))
    .filter(({ details }) => details.length > 0);
}

function detailsOf(
  used: FunctionUse['database'],
  wanted: Configured | undefined,
  operations: FunctionUse['database'] | undefined,
): string[] {
  const compared: [string, unknown, unknown][] = wanted
    ? [
        ['parameter', used.parameter, wanted.parameter],
        ['version of the parameter', used.parameterVersion ?? 'none', wanted.version],
      ]
    : [];
  if (used.reachable && wanted)
    compared.push(
      ['host', used.host, wanted.address.host],
      ['port', used.port, wanted.address.port],
      ['user', used.user, wanted.address.user],
      // A server on a file system without case writes its schemas small.
      ['schema', used.schema.toLowerCase(), wanted.address.database.toLowerCase()],
    );
  if (used.reachable && operations?.reachable)
    compared.push([
      'ledger, by when it began',
      used.recordingSince ?? 'none',
      operations.recordingSince ?? 'none',
    ]);
  return [
    ...(used.reachable ? [] : [`no connection: ${used.message}`]),
    ...compared
      .filter(([, is, should]) => is !== should)
      .map(([what, is, should]) => `${what}: ${is} instead of ${should}`),
  ];
}

/**
 * Until when environments that were warm before the parameter changed may use what it said before; undefined when that
 * is over, or every function is newer than the change.
 */
export async function unsettledUntil(world: World): Promise<Date | undefined> {
  const wanted = await configured(world);
  if (!wanted) return undefined;
  const until = wanted.modifiedAt + SECRET_MAXIMUM_AGE_MS + MARGIN_MS;
  if (!(until > Date.now())) return undefined;
  const path = await paymentPath(world);
  const functions = await Promise.all((path?.functions ?? []).map(({ name }) => world.lambda.function(name)));
  const isWarm = functions.some((one) => one && Date.parse(one.modifiedAt ?? '') < wanted.modifiedAt);
  return isWarm ? new Date(until) : undefined;
}

/** For clocks that differ. */
const MARGIN_MS = 1_000;

/** Waits until no environment can use an older value of the parameter any more. */
export async function settle(world: World, progress: Progress, signal: AbortSignal): Promise<void> {
  const until = await unsettledUntil(world);
  if (!until) return;
  const waitMs = until.getTime() - Date.now();
  progress.note(
    `the database parameter has just changed: functions that are warm read it again within ${SECRET_MAXIMUM_AGE_MS / 1000} s; waiting ${Math.ceil(waitMs / 1000)} s`,
  );
  await sleep(Math.max(waitMs, 0), undefined, { signal });
  world.forget();
}

/**
 * What a proof may rest on: every function uses the configured database, now and for certain.
 * @throws CachaoError DATABASE_DIFFERS naming function and difference
 */
export async function provenUses(
  world: World,
  progress: Progress,
  signal: AbortSignal,
): Promise<FunctionUse[]> {
  await settle(world, progress, signal);
  const [uses, differences] = [await databaseUses(world), await databaseDifferences(world)];
  if (differences.length === 0) return uses;
  throw new CachaoError({
    code: 'DATABASE_DIFFERS',
    message: `Not every function uses the configured database: ${describeDifferences(differences)}.`,
    why: 'A proof on another database proves nothing.',
    next: ['Run cachao doctor, which says what it is.'],
    exitCode: EXIT.problem,
  });
}

export function describeDifferences(differences: readonly Difference[]): string {
  return differences.map((one) => `${one.function} has ${one.details.join(', ')}`).join('; ');
}

/** `shop@db.example.com:3306/shop on server ip-10-0-1-7, by version 3 of /cachao/dev/database`. */
export function describeUse({ database }: FunctionUse): string {
  const by = `by version ${database.parameterVersion ?? 'unknown'} of ${database.parameter}`;
  if (!database.reachable) return `not reachable, ${by}`;
  const { user, host, port, schema, serverName } = database;
  return `${user}@${host}:${port}/${schema} on server ${serverName}, ${by}`;
}
