import { awsIdentity } from './account/aws-identity.js';
import { awsRegion } from './account/aws-region.js';
import { clock } from './account/clock.js';
import { concurrency } from './account/concurrency.js';
import { mode } from './account/mode.js';
import { permissionsCheck } from './account/permissions.js';
import { stripeKey } from './account/stripe-key.js';
import { alarmActions } from './alarm/actions.js';
import { functionErrorsAlarm } from './alarm/function-errors.js';
import { lossAlarm } from './alarm/loss.js';
import { alarmState } from './alarm/state.js';
import { webhookAlarm } from './alarm/webhook.js';
import { apiReachable } from './api/reachable.js';
import { apiRefusals } from './api/refusals.js';
import { apiSignature } from './api/signature.js';
import { apiThrottled } from './api/throttled.js';
import { databaseReachable } from './database/reachable.js';
import { databaseSchema } from './database/schema.js';
import { databaseTestOrders } from './database/test-orders.js';
import { databaseTls } from './database/tls.js';
import { databaseUsed } from './database/used.js';
import { deliveryAwaited } from './delivery/awaited.js';
import { deliveryComplete } from './delivery/complete.js';
import { deliveryPaid } from './delivery/paid.js';
import { deliveryPaths } from './delivery/paths.js';
import { singleHandler } from './delivery/single-handler.js';
import { archive } from './eventbridge/archive.js';
import { bus } from './eventbridge/bus.js';
import { eventbridgeDeliveries } from './eventbridge/deliveries.js';
import { dlq } from './eventbridge/dlq.js';
import { pattern } from './eventbridge/pattern.js';
import { permission } from './eventbridge/permission.js';
import { retry } from './eventbridge/retry.js';
import { rule } from './eventbridge/rule.js';
import { ruleBus } from './eventbridge/rule-bus.js';
import { ruleDescription } from './eventbridge/rule-description.js';
import { ruleEnabled } from './eventbridge/rule-enabled.js';
import { source } from './eventbridge/source.js';
import { sourceActive } from './eventbridge/source-active.js';
import { target } from './eventbridge/target.js';
import { asyncRetries } from './function/async.js';
import { functionConcurrency } from './function/concurrency.js';
import { current } from './function/current.js';
import { functionDlq } from './function/dlq.js';
import { environment } from './function/environment.js';
import { errors } from './function/errors.js';
import { role } from './function/role.js';
import { runtime } from './function/runtime.js';
import { secrets } from './function/secrets.js';
import { state } from './function/state.js';
import { tags } from './function/tags.js';
import { tracing } from './function/tracing.js';
import { logRetention } from './log/retention.js';
import { queueEmpty } from './queue/empty.js';
import { queueEncrypted } from './queue/encrypted.js';
import { queuePolicy } from './queue/policy.js';
import { queueRetention } from './queue/retention.js';
import { databaseSecret } from './secret/database.js';
import { noStripeKey } from './secret/no-stripe-key.js';
import { webhookSecret } from './secret/webhook.js';
import { stackCurrent } from './stack/current.js';
import { stackDrift } from './stack/drift.js';
import { stackHealthy } from './stack/healthy.js';
import { stackProtected } from './stack/protected.js';
import { destination } from './stripe/destination.js';
import { destinationAccounts } from './stripe/destination-accounts.js';
import { destinationEnabled } from './stripe/destination-enabled.js';
import { destinationEvents } from './stripe/destination-events.js';
import { destinationPayload } from './stripe/destination-payload.js';
import { destinationUnique } from './stripe/destination-unique.js';
import { webhook } from './stripe/webhook.js';
import { webhookEnabled } from './stripe/webhook-enabled.js';
import { webhookEvents } from './stripe/webhook-events.js';
import { webhookStale } from './stripe/webhook-stale.js';
import { webhookUnique } from './stripe/webhook-unique.js';
import type { PathCheck } from './types.js';

/** Every check, each after those it needs: the order in which setup makes them true and reports show them. */
export const CHECKS: readonly PathCheck[] = [
  awsIdentity,
  awsRegion,
  stripeKey,
  mode,
  clock,
  permissionsCheck(() => CHECKS),
  concurrency,
  singleHandler,
  destination,
  destinationEnabled,
  destinationEvents,
  destinationPayload,
  destinationAccounts,
  destinationUnique,
  source,
  bus,
  sourceActive,
  databaseSecret,
  stackHealthy,
  stackCurrent,
  rule,
  ruleBus,
  ruleEnabled,
  ruleDescription,
  pattern,
  target,
  retry,
  dlq,
  permission,
  archive,
  state,
  runtime,
  current,
  functionConcurrency,
  asyncRetries,
  functionDlq,
  tracing,
  tags,
  role,
  secrets,
  environment,
  errors,
  stackProtected,
  stackDrift,
  queueRetention,
  queueEncrypted,
  queuePolicy,
  queueEmpty,
  functionErrorsAlarm,
  lossAlarm,
  webhookAlarm,
  alarmActions,
  alarmState,
  logRetention,
  noStripeKey,
  databaseReachable,
  databaseTls,
  databaseSchema,
  databaseUsed,
  databaseTestOrders,
  webhook,
  webhookEnabled,
  webhookEvents,
  webhookStale,
  webhookUnique,
  webhookSecret,
  apiReachable,
  apiSignature,
  apiThrottled,
  apiRefusals,
  eventbridgeDeliveries,
  deliveryPaths,
  deliveryComplete,
  deliveryPaid,
  deliveryAwaited,
];

/** How it is set up, as against how it has been going: what setup makes true. */
export const SETUP_CHECKS: readonly PathCheck[] = CHECKS.filter((check) => !check.operational && !check.deep);
