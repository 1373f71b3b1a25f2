import type { AuditRule } from '../rule.js';
import { actions } from './alarm/actions.js';
import { dimension } from './alarm/dimension.js';
import { functionErrors } from './alarm/function-errors.js';
import { loss } from './alarm/loss.js';
import { webhookAlarm } from './alarm/webhook.js';
import { throttled } from './api/throttled.js';
import { singleHandler } from './delivery/single-handler.js';
import { archive } from './eventbridge/archive.js';
import { dlq } from './eventbridge/dlq.js';
import { pattern } from './eventbridge/pattern.js';
import { permission } from './eventbridge/permission.js';
import { retry } from './eventbridge/retry.js';
import { ruleBus } from './eventbridge/rule-bus.js';
import { ruleDescription } from './eventbridge/rule-description.js';
import { ruleEnabled } from './eventbridge/rule-enabled.js';
import { target } from './eventbridge/target.js';
import { asyncRetries } from './function/async.js';
import { concurrency } from './function/concurrency.js';
import { functionDlq } from './function/dlq.js';
import { role } from './function/role.js';
import { runtime } from './function/runtime.js';
import { functionSecrets } from './function/secrets.js';
import { tags } from './function/tags.js';
import { tracing } from './function/tracing.js';
import { logCollision } from './log/collision.js';
import { logRetention } from './log/retention.js';
import { encrypted } from './queue/encrypted.js';
import { queuePolicy } from './queue/policy.js';
import { retention } from './queue/retention.js';
import { databaseSecret } from './secret/database.js';
import { secretParameter } from './secret/parameter.js';
import { stripeKey } from './secret/stripe-key.js';
import { secretWritten } from './secret/written.js';
import { circle } from './template/circle.js';
import { fixedName } from './template/fixed-name.js';
import { noPath } from './template/no-path.js';
import { SUPPRESSION_RULE } from './template/suppression.js';
import { unknownProperty } from './template/unknown-property.js';

/** Every rule, in the order in which patches are made: along the payment's way. */
export const RULES: readonly AuditRule[] = [
  unknownProperty,
  circle,
  ruleBus,
  pattern,
  ruleEnabled,
  ruleDescription,
  target,
  permission,
  retry,
  dlq,
  archive,
  singleHandler,
  runtime,
  concurrency,
  asyncRetries,
  functionDlq,
  tracing,
  tags,
  role,
  functionSecrets,
  stripeKey,
  databaseSecret,
  secretParameter,
  secretWritten,
  retention,
  encrypted,
  queuePolicy,
  functionErrors,
  loss,
  webhookAlarm,
  actions,
  dimension,
  logRetention,
  logCollision,
  throttled,
  fixedName,
  noPath,
  SUPPRESSION_RULE,
];
