import { archives } from './archives.js';
import { artifacts } from './artifacts.js';
import { buses } from './buses.js';
import { ledger, testOrders } from './database.js';
import { destinations } from './destinations.js';
import { queues } from './queues.js';
import type { Removal } from './removal.js';
import { secrets } from './secrets.js';
import { stack } from './stack.js';
import { webhookEndpoints } from './webhook-endpoints.js';

/**
 * The safe order: nothing sends to what is gone, what the database needs to be asked goes after it was asked, rules go
 * before their bus, and the destination, whose end cannot be undone, after all that could still fail.
 */
export const REMOVALS: readonly Removal[] = [
  webhookEndpoints,
  testOrders,
  ledger,
  stack,
  queues,
  archives,
  buses,
  destinations,
  secrets,
  artifacts,
];
