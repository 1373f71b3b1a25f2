import type { World } from './world.js';

/** AWS keeps this many unreserved (FACTS-AWS §3); an account with a quota of 10 can reserve none. */
const UNRESERVED_MINIMUM = 100;

export interface ReservableConcurrency {
  /** What the account has, and what of it is unreserved when our own reservations are counted back. */
  limit: number;
  available: number;
  /** What the settings ask for in all. */
  asked: number;
  /** What each function will get; null: none is reserved. */
  perFunction: number | null;
}

/** How much of the concurrency asked for this account can give. */
export async function reservableConcurrency(world: World): Promise<ReservableConcurrency> {
  const { settings } = world;
  const [account, outputs] = await Promise.all([world.lambda.accountConcurrency(), world.stackOutputs()]);
  const functions = [outputs?.eventFunctionName, outputs?.webhookFunctionName].filter(
    (name) => name !== undefined,
  );
  const ours = await Promise.all(functions.map((name) => world.lambda.function(name)));
  const available =
    account.unreserved + ours.reduce((sum, found) => sum + (found?.reservedConcurrency ?? 0), 0);
  const asked = (settings.reservedConcurrency ?? 0) * (settings.webhook ? 2 : 1);
  const possible = asked > 0 && available - asked >= UNRESERVED_MINIMUM;
  return {
    limit: account.limit,
    available,
    asked,
    perFunction: possible ? settings.reservedConcurrency : null,
  };
}
