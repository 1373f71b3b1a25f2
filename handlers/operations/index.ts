import type {
  OperationName,
  Operations,
  OperationsRequest,
  OperationsResponse,
} from '../contract/operations.js';
import { readParameter } from '../shared/aws/parameters.js';
import { type Configuration, readConfiguration } from '../shared/configuration.js';
import type { Database } from '../shared/database/database.js';
import { shopDatabase } from '../shared/database/shop-database.js';
import { HandlerError } from '../shared/errors.js';
import { getEvents, getSessionEvents, listAwaiting, listEvents } from './events.js';
import { migrate } from './migrate.js';
import { attachSession, getOrders, listOrders } from './orders.js';
import { probe } from './probe.js';
import { removeLedger } from './remove-ledger.js';
import { RequestError } from './request-error.js';
import { listStages } from './stages.js';
import { createTestOrder, listTestOrders, removeTestOrder } from './test-orders.js';
import { validate } from './validate.js';

/**
 * What the CLI asks of the orders database; invoked through IAM only. Refusals are answers (`ok: false`), so that the
 * CLI can tell them from a function that broke.
 */
export async function handler(input: unknown): Promise<OperationsResponse<OperationName>> {
  try {
    const request = validate(input);
    const configuration = readConfiguration();
    // Whoever asks has just changed something, or wants to know what holds now.
    await readParameter(configuration.databaseParameter, 0).catch(() => undefined);
    return { ok: true, result: await run(shopDatabase(configuration), configuration, request) };
  } catch (error) {
    if (!(error instanceof RequestError) && !(error instanceof HandlerError)) throw error;
    return { ok: false, error: { code: error.code, message: error.message } };
  }
}

async function run(
  database: Database,
  configuration: Configuration,
  request: OperationsRequest,
): Promise<Operations[OperationName]['response']> {
  switch (request.operation) {
    case 'probe':
      return probe(database, configuration);
    case 'migrate':
      return migrate(database, configuration, request);
    case 'list-stages':
      return listStages(database, configuration);
    case 'remove-ledger':
      return removeLedger(database, configuration, request);
    case 'create-test-order':
      return createTestOrder(database, configuration, request);
    case 'attach-session':
      return attachSession(database, request);
    case 'remove-test-order':
      return removeTestOrder(database, request);
    case 'list-test-orders':
      return listTestOrders(database, configuration, request);
    case 'get-orders':
      return getOrders(database, configuration, request);
    case 'get-events':
      return getEvents(database, configuration, request);
    case 'list-events':
      return listEvents(database, configuration, request);
    case 'list-awaiting':
      return listAwaiting(database, configuration, request);
    case 'get-session-events':
      return getSessionEvents(database, configuration, request);
    case 'list-orders':
      return listOrders(database, configuration, request);
  }
}
