import { ENVIRONMENT } from '../contract/environment.js';
import { ORDER_AMOUNTS, type OrderAmount } from '../contract/order-transition.js';
import { HandlerError } from './errors.js';

/** What the stack told the function about its stage. */
export interface Configuration {
  stage: string;
  livemode: boolean;
  /** ISO 4217, lower case. */
  currency: string;
  /** Which of a session's amounts an order costs. */
  orderAmount: OrderAmount;
  databaseParameter: string;
  webhookSecretParameter: string;
  sharedAccount: boolean;
  /** Payments of connected accounts pay this stage's orders. */
  connectedAccounts: boolean;
}

/** @throws HandlerError CONFIGURATION, naming the variable */
export function readConfiguration(environment: NodeJS.ProcessEnv = process.env): Configuration {
  const read = (name: string): string => readVariable(name, environment);
  const currency = read(ENVIRONMENT.currency).toLowerCase();
  if (!/^[a-z]{3}$/.test(currency)) {
    throw new HandlerError(
      'CONFIGURATION',
      `${ENVIRONMENT.currency} is "${currency}", not a currency's three letters.`,
    );
  }
  return {
    stage: read(ENVIRONMENT.stage),
    livemode: readSwitch(ENVIRONMENT.livemode, read(ENVIRONMENT.livemode)),
    currency,
    orderAmount: readOrderAmount(environment[ENVIRONMENT.orderAmount] || 'total'),
    databaseParameter: read(ENVIRONMENT.databaseParameter),
    webhookSecretParameter: read(ENVIRONMENT.webhookSecretParameter),
    sharedAccount: readSwitch(ENVIRONMENT.sharedAccount, environment[ENVIRONMENT.sharedAccount] || 'false'),
    connectedAccounts: readSwitch(
      ENVIRONMENT.connectedAccounts,
      environment[ENVIRONMENT.connectedAccounts] || 'false',
    ),
  };
}

/** A variable that must be there. @throws HandlerError CONFIGURATION, naming it */
export function readVariable(name: string, environment: NodeJS.ProcessEnv = process.env): string {
  const value = environment[name]?.trim();
  if (!value) throw new HandlerError('CONFIGURATION', `The environment variable ${name} is not set.`);
  return value;
}

/** A live stage that reads as a test stage would take test payments for real ones: only two spellings are taken. */
function readSwitch(name: string, value: string): boolean {
  if (value !== 'true' && value !== 'false') {
    throw new HandlerError('CONFIGURATION', `${name} is "${value}"; it must be "true" or "false".`);
  }
  return value === 'true';
}

function readOrderAmount(value: string): OrderAmount {
  const known = ORDER_AMOUNTS.find((one) => one === value);
  if (known) return known;
  throw new HandlerError(
    'CONFIGURATION',
    `${ENVIRONMENT.orderAmount} is "${value}"; it must be one of ${ORDER_AMOUNTS.join(', ')}.`,
  );
}
