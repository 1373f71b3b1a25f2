import type { Area } from '../core/finding.js';
import type { Requirement } from '../core/requirement.js';
import { ACCOUNT } from './account.js';
import { ALARM } from './alarm.js';
import { API } from './api.js';
import { AUDIT } from './audit.js';
import { DATABASE } from './database.js';
import { DELIVERY } from './delivery.js';
import { EVENTBRIDGE } from './eventbridge.js';
import { FUNCTION } from './function.js';
import { LOG } from './log.js';
import { QUEUE } from './queue.js';
import { SECRET } from './secret.js';
import { STACK } from './stack.js';
import { STRIPE } from './stripe.js';
import type { RequirementTable } from './types.js';

const TABLE = {
  ...ACCOUNT,
  ...ALARM,
  ...API,
  ...AUDIT,
  ...DATABASE,
  ...DELIVERY,
  ...EVENTBRIDGE,
  ...FUNCTION,
  ...LOG,
  ...QUEUE,
  ...SECRET,
  ...STACK,
  ...STRIPE,
};

export type RequirementId = keyof typeof TABLE;

/** The one wording of what must hold, for its check and its audit rule. */
export function requirement(id: RequirementId): Requirement {
  const { area = id.slice(0, id.indexOf('.')) as Area, ...row } = (TABLE as RequirementTable)[
    id
  ] as RequirementTable[string];
  return { id, area, ...row };
}
