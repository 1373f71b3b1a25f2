import type { StripeEvent } from '../../handlers/contract/stripe-event.js';
import { HANDLED_EVENT_TYPES } from '../../handlers/contract/stripe-event.js';
import { duration } from '../core/duration.js';
import { type Classified, IN_FLIGHT_MS } from '../world/comparison/classify.js';
import { LABELS, lostByRule } from './hops.js';
import type { Subject } from './subject.js';
import type { TraceContext } from './surroundings.js';
import type { Trace } from './types.js';

const SIGNATURE_REFUSED =
  'the webhook reached its function, which refused the signature (400): the stored signing secret is not the one that Stripe signs with';

type Explanation = Pick<Trace, 'stoppedAt' | 'summary' | 'next'>;

const fine = (summary: string, next: string[] = []): Explanation => ({ stoppedAt: null, summary, next });

/** Where it stopped, the likely reason, and what helps. `classified` is null where there is no ledger to compare with. */
export function explain(
  subject: Subject,
  around: TraceContext | null,
  classified: Classified | null,
): Explanation {
  const { event } = subject;
  if (!event || !around) return withoutEvent(subject);
  if (!(HANDLED_EVENT_TYPES as readonly string[]).includes(event.type))
    return fine(`${event.type} is a type that the handlers do not act on, so no order hangs on it`);
  if (!classified) return withoutLedger(event, around);
  switch (classified.class) {
    case 'processed':
      return (
        copyWaits(event, subject, around) ??
        webhookRefused(subject, around) ??
        copyLost(subject, around) ??
        fine(endOfStory(subject))
      );
    case 'repaired':
      return copyWaits(event, subject, around) ?? fine(`${endOfStory(subject)}; ${classified.why}`);
    case 'one-path':
      return copyWaits(event, subject, around) ?? onePath(classified, around);
    case 'order-wrong':
      return {
        stoppedAt: LABELS.order,
        summary: `${classified.why.charAt(0).toUpperCase()}${classified.why.slice(1)}. Nothing will change it by itself: a person has to look`,
        next: ['cachao reconcile'],
      };
    case 'in-flight':
      return deadLetter(event, around) ?? onItsWay(event, around);
    case 'before-recording':
      return {
        stoppedAt: LABELS.ledger,
        summary: `It is older than the ledger${classified.why ? `; ${classified.why}` : ''}. Another handler may have taken it.`,
        next: ['cachao reconcile --apply --include-before'],
      };
    case 'other-stage':
      return fine(`Its session names stage ${stageOf(event)}: look there`, [
        `cachao trace ${event.id} --stage ${stageOf(event)}`,
      ]);
    case 'not-ours':
      return fine('Its session names no order: it belongs to another product on the account');
    case 'test-order':
      return fine('It belongs to a test checkout whose order was removed again, and no path delivered it', [
        'cachao checkout',
      ]);
    default:
      return lost(event, around, classified);
  }
}

function stageOf(event: StripeEvent): string {
  return (event.data.object.metadata as Record<string, string> | null)?.cachao_stage ?? '';
}

function withoutEvent({ session, order, ledger }: Subject): Explanation {
  if (ledger.length > 0)
    return fine(`It was processed; Stripe keeps events for 30 days, and this one no longer`);
  if (session?.status === 'open') return fine('The customer has not paid yet: the session is open');
  if (session)
    return {
      stoppedAt: LABELS.event,
      summary: `Stripe has no event of ${session.id} any more (it keeps them for 30 days), and the ledger has none`,
      next: ['cachao reconcile --since 30d'],
    };
  if (order?.sessionId)
    return {
      stoppedAt: LABELS.session,
      summary: `Stripe knows no session ${order.sessionId}, which order ${order.orderId} names`,
      next: ['cachao doctor'],
    };
  return fine(`Order ${order?.orderId ?? ''} has no session, so no payment was started`);
}

function endOfStory({ order, ledger }: Subject): string {
  const outcome = ledger[0]?.outcome;
  return order ? `Order ${order.orderId} is ${order.status}` : `It was processed: ${outcome}`;
}

/** One path processed it, and what the other could not deliver waits: that path is as dead as if no other stood beside it. */
function copyWaits(event: StripeEvent, subject: Subject, around: TraceContext): Explanation | null {
  const waiting = deadLetter(event, around);
  return (
    waiting && {
      ...waiting,
      summary: `${endOfStory(subject)}; but another copy of it waits in ${waiting.summary.replace(/^It waits in /, '')}`,
    }
  );
}

/** The other path processed it, minutes ago: too young to be judged by the ledger, but the log tells. */
function webhookRefused(subject: Subject, { refusals }: TraceContext): Explanation | null {
  const came = subject.ledger.some(({ arrivals }) => arrivals.some(({ via }) => via === 'webhook'));
  if (came || refusals.length === 0) return null;
  return {
    stoppedAt: LABELS.webhook,
    summary: `${endOfStory(subject)}; but ${SIGNATURE_REFUSED}`,
    next: ['cachao doctor --fix'],
  };
}

/** The other path processed it; EventBridge's own copy reached neither function nor queue. */
function copyLost(subject: Subject, around: TraceContext): Explanation | null {
  const came = subject.ledger.some(({ arrivals }) => arrivals.some(({ via }) => via === 'eventbridge'));
  const lost = lostByRule(around);
  if (came || lost === undefined) return null;
  return {
    stoppedAt: LABELS.rule,
    summary: `${endOfStory(subject)}; but EventBridge lost its copy: ${lost}`,
    next: ['cachao doctor'],
  };
}

function onePath(classified: Classified, around: TraceContext): Explanation {
  const dead = classified.paths.find((path) => !path.delivered)?.via ?? 'eventbridge';
  const reason = dead === 'eventbridge' ? bridgeFault(around) : endpointFault(around);
  return {
    stoppedAt: LABELS[dead],
    summary: `It was processed, and ${classified.why}${reason ? `: ${reason}` : ''}`,
    next: ['cachao doctor'],
  };
}

function onItsWay(event: StripeEvent, around: TraceContext): Explanation {
  const refused = refusal(around);
  if (!refused && around.refusals.length > 0)
    return {
      stoppedAt: LABELS.webhook,
      summary: `It is not in the ledger yet: ${SIGNATURE_REFUSED}`,
      next: ['cachao doctor --fix', `cachao trace ${event.id}`],
    };
  const age = duration(Date.now() - event.created * 1000);
  return {
    stoppedAt: refused ? LABELS[refused.via] : null,
    summary: refused
      ? `The handler refused it with ${refused.code}, and it will be tried again`
      : `It is ${age} old, and may still be on its way: retries take up to ${duration(IN_FLIGHT_MS)}`,
    next: [`cachao trace ${event.id}`],
  };
}

/** Not in the ledger, and too old for that. */
function lost(event: StripeEvent, around: TraceContext, { why }: Classified): Explanation {
  const expected = why.startsWith('the order is') ? '' : `; ${why}. Put that right first`;
  const waiting = deadLetter(event, around, expected);
  if (waiting) return waiting;
  const refused = refusal(around);
  if (refused)
    return {
      stoppedAt: LABELS[refused.via],
      summary: `The handler refused it with ${refused.code}${expected}${around.unlookedLetters > 0 ? `; it may be among ${around.unlookedLetters} dead letters that were not read` : ''}`,
      next:
        around.unlookedLetters > 0
          ? [`cachao replay-dlq --list --event ${event.id}`]
          : ['cachao doctor', reconcileFrom(event)],
    };
  if (around.refusals.length > 0)
    return {
      stoppedAt: LABELS.webhook,
      summary: `It is not in the ledger: ${SIGNATURE_REFUSED}${expected}`,
      next: ['cachao doctor --fix', reconcileFrom(event)],
    };
  const fault = bridgeFault(around);
  if (around.unseen.length > 0 && !fault)
    return {
      stoppedAt: LABELS.ledger,
      summary: `It is not in the ledger. The reason is unknown: not everything could be read${expected}`,
      next: [reconcileFrom(event)],
    };
  return {
    stoppedAt: LABELS.rule,
    summary: `No path brought it to a handler${fault ? `: ${fault}` : ', and no queue holds it: it was dropped on its way'}${expected}`,
    next: [...(fault ? ['cachao setup'] : []), reconcileFrom(event)],
  };
}

function deadLetter(event: StripeEvent, { letters }: TraceContext, more = ''): Explanation | null {
  const [found] = letters;
  if (!found) return null;
  return {
    stoppedAt: LABELS.deadLetter,
    summary: `It waits in ${found.queue.name}: ${found.letter.failure.code}${more}`,
    next: [`cachao replay-dlq --event ${event.id}`],
  };
}

function reconcileFrom(event: StripeEvent): string {
  const since = new Date((event.created - 60) * 1000).toISOString().slice(0, 16);
  return `cachao reconcile --apply --since ${since}Z`;
}

function refusal({ log }: TraceContext): { via: 'eventbridge' | 'webhook'; code: string } | null {
  const record = log.findLast((one) => one.outcome === 'error');
  if (!record) return null;
  return { via: record.via === 'webhook' ? 'webhook' : 'eventbridge', code: record.code ?? 'an error' };
}

/** What is wrong with the way through EventBridge, as it stands now; null where nothing shows. */
function bridgeFault(around: TraceContext): string | null {
  const { destination, source, rule, path } = around;
  if (!destination) return 'Stripe has no event destination for this stage';
  if (!destination.enabled)
    return `the event destination ${destination.id} is disabled${destination.disabledReason ? ` (${destination.disabledReason})` : ''}`;
  if (!source) return `the partner event source ${destination.sourceName} is gone`;
  if (source.state !== 'ACTIVE')
    return `the partner event source is ${source.state}: what Stripe sends is dropped`;
  if (path && path.rules.length === 0) return 'the stack has no rule';
  if (rule && rule.state !== 'ENABLED') return `the rule ${rule.name} is ${rule.state}`;
  const lost = lostByRule(around);
  return lost === undefined ? null : `EventBridge lost it: ${lost}`;
}

function endpointFault({ endpoint, refusals }: TraceContext): string | null {
  if (refusals.length > 0) return SIGNATURE_REFUSED;
  if (!endpoint) return 'Stripe has no webhook endpoint for this stage';
  return endpoint.enabled ? null : `the webhook endpoint ${endpoint.id} is disabled`;
}

/** Where the database cannot be asked, only logs, queues and metrics tell. */
function withoutLedger(event: StripeEvent, around: TraceContext): Explanation {
  const waiting = deadLetter(event, around);
  if (waiting) return waiting;
  const refused = refusal(around);
  if (refused)
    return {
      stoppedAt: LABELS[refused.via],
      summary: `The handler refused it with ${refused.code}`,
      next: ['cachao doctor'],
    };
  const record = around.log.at(-1);
  if (record) return fine(`The handler took it: ${record.outcome}, says its log`);
  const mention = around.mentions.at(-1);
  if (mention)
    return mention.isError
      ? {
          stoppedAt: LABELS.eventbridge,
          summary: `${mention.functionName} logged an error with it`,
          next: ['cachao doctor'],
        }
      : fine(
          `${mention.functionName} took it, as its log shows. Whether the order is paid, only the shop's database knows`,
        );
  const fault = bridgeFault(around);
  return {
    stoppedAt: LABELS.rule,
    summary: `No log of the stack's functions names it${fault ? `: ${fault}` : ''}`,
    next: ['cachao doctor'],
  };
}
