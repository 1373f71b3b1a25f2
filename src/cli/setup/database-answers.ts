import { databaseParameterName } from '../../../handlers/contract/environment.js';
import { databaseUrlProblem } from '../../config/database-url.js';
import { saveAnswers } from '../../config/save-answers.js';
import type { Settings } from '../../config/settings.js';
import { CachaoError, type MissingAnswer } from '../../core/errors.js';
import type { Secret } from '../../core/secret.js';
import type { Prompts } from '../../terminal/prompts.js';
import { describeDatabase, sameServer, sameValue } from '../../world/database-url.js';
import { wantedDatabaseValue } from '../../world/database-value.js';
import { probe } from '../../world/operations.js';
import type { World } from '../../world/world.js';

const DATABASE: MissingAnswer = {
  what: 'orders database',
  flag: '--database',
  variable: 'CACHAO_DATABASE',
  why: 'the handlers mark the order paid there; without its password: mysql://user@host:3306/shop',
};
const PASSWORD: MissingAnswer = {
  what: "the database's password",
  flag: 'a prompt on a terminal',
  variable: 'CACHAO_DATABASE_PASSWORD',
  why: 'it is stored as an encrypted SSM parameter, for the functions',
};

/** What has to be answered about the database: what nobody has given yet, and what turned out to be wrong. */
export async function wantedAnswers(world: World, canAsk: boolean): Promise<MissingAnswer[]> {
  const { settings, databasePassword: password } = world;
  const { database } = settings;
  const name = databaseParameterName(settings.stage);
  const stored = await storedUrl(world, name);
  // Whatever is in the way shows as a finding, with its reason.
  if (stored === 'unseen') return [];
  if (stored === undefined) return missingDatabase(database, password);
  if (database !== null && !sameServer(database, stored))
    return password
      ? []
      : [{ ...PASSWORD, why: `what is stored in ${name} is the password for ${describeDatabase(stored)}` }];
  const value = await wantedDatabaseValue(world);
  // What differs from what is stored is tried first.
  if (value !== undefined && !sameValue(value, stored)) return [];
  const refusal = await refusalOf(world);
  if (!refusal || (!refusal.certain && !canAsk)) return [];
  return [
    { ...DATABASE, why: `the functions do not reach it as it is stored: ${refusal.message}` },
    { ...PASSWORD, why: 'it is stored with the URL, as an encrypted SSM parameter' },
  ];
}

/** Why the functions do not get into the database that is stored; certain: the answers are wrong, not the network. */
async function refusalOf(world: World): Promise<{ message: string; certain: boolean } | undefined> {
  try {
    if (!(await world.stackOutputs())) return undefined;
    const { database } = await probe(world);
    if (database.reachable) return undefined;
    return { message: database.message, certain: /^(ER_|HANDSHAKE_)/.test(database.reason ?? '') };
  } catch (error) {
    if (error instanceof CachaoError) return undefined;
    throw error;
  }
}

export function missingDatabase(database: string | null, password: Secret | undefined): MissingAnswer[] {
  return [...(database ? [] : [DATABASE]), ...(password ? [] : [PASSWORD])];
}

/** Asks for what is wanted, and saves the URL at once: a run that is cut short asks nothing twice. */
export async function askForDatabase(
  prompts: Prompts,
  { stage, database: current }: Settings,
  wanted: readonly MissingAnswer[],
  file: string | null,
): Promise<{ database?: string; password?: Secret }> {
  prompts.require(wanted);
  const url = wanted.find(({ what }) => what === DATABASE.what);
  const secret = wanted.find(({ what }) => what === PASSWORD.what);
  const given: { database?: string; password?: Secret } = {};
  if (url) {
    const initial = current === null ? {} : { initial: current };
    const { database = '' } = await prompts.ask([{ ...url, ...initial, name: 'database', check: problemOf }]);
    await saveAnswers({ path: file, cwd: process.cwd() }, stage, { database });
    given.database = database;
  }
  if (secret) given.password = await prompts.secret({ ...secret, name: 'password' });
  return given;
}

function problemOf(url: string): string | undefined {
  const problem = databaseUrlProblem(url);
  return problem && [problem.message, ...problem.next].map(ended).join(' ');
}

async function storedUrl(world: World, name: string): Promise<string | undefined | 'unseen'> {
  try {
    return (await world.ssm.secret(name))?.value.reveal();
  } catch {
    return 'unseen';
  }
}

/** A step that ends with something to copy has no full stop of its own. */
const ended = (sentence: string): string => (/[.!?]$/.test(sentence) ? sentence : `${sentence}.`);
