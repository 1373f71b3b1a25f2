import { CachaoError } from '../core/errors.js';
import { EXIT } from '../core/exit-code.js';
import { mask } from '../core/secret.js';

/** What the user named. */
export interface SubjectId {
  kind: 'event' | 'session' | 'payment' | 'order';
  id: string;
}

const KINDS: readonly [RegExp, SubjectId['kind']][] = [
  [/^evt_[A-Za-z0-9]+$/, 'event'],
  [/^cs_(?:test|live)_[A-Za-z0-9]+$/, 'session'],
  [/^pi_[A-Za-z0-9]+$/, 'payment'],
];
/** Stripe's ids begin with letters and an underscore; the shop's own ids are numbers or UUIDs, as a rule. */
const STRIPES = /^[a-z]{2,10}_/;
const ORDER = /^[A-Za-z0-9][\w.-]{0,63}$/;
const SECRET = /^(?:[srp]k|rkcs|whsec)_/;

/** Tells what an id names. @throws ID_MALFORMED, ID_OTHER_MODE */
export function subjectId(text: string, mode: 'test' | 'live'): SubjectId {
  const id = text.trim();
  if (SECRET.test(id)) throw malformed(mask(id), 'It is a secret, not an id; nothing was asked with it.');
  const kind = KINDS.find(([shape]) => shape.test(id))?.[1];
  if (!kind && STRIPES.test(id))
    throw malformed(
      id,
      /^(?:evt|cs|pi)_/.test(id)
        ? 'It is not whole, or has other characters than an id.'
        : 'It names something else at Stripe.',
    );
  if (!kind && !ORDER.test(id)) throw malformed(id, 'An id has no spaces and no other marks.');
  const other = mode === 'test' ? 'live' : 'test';
  if (kind === 'session' && id.startsWith(`cs_${other}_`)) throw otherMode(id, mode, other);
  return { kind: kind ?? 'order', id };
}

function malformed(id: string, why: string): CachaoError {
  return new CachaoError({
    code: 'ID_MALFORMED',
    message: `"${id.slice(0, 80)}" is no id of an event, session, payment intent or order.`,
    why,
    next: ['Give evt_…, cs_test_… or cs_live_…, pi_…, or the id of an order.'],
    exitCode: EXIT.usage,
  });
}

function otherMode(id: string, mode: string, other: string): CachaoError {
  return new CachaoError({
    code: 'ID_OTHER_MODE',
    message: `${id.slice(0, 24)}… is of ${other} mode, and this stage takes ${mode} payments.`,
    next: [`Name the ${other} stage with --stage.`],
    exitCode: EXIT.usage,
  });
}
