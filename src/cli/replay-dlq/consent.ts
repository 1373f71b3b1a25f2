import type { Filter } from '../../replay/filter.js';
import { isEverything } from '../../replay/filter.js';
import type { ReplayTargets } from '../../replay/targets.js';
import type { Prompts } from '../../terminal/prompts.js';
import type { World } from '../../world/world.js';
import { confirmLive } from '../shared/confirm-live.js';
import { messages } from './render-list.js';

export interface ReplayConsent {
  prompts: Prompts;
  yes: boolean;
  handlerIsIdempotent: boolean;
  confirmLive: string | undefined;
  filter: Filter;
  max: number | null;
  /** Not from the queues, but from the archive. */
  archive: boolean;
}

const IDEMPOTENT = {
  what: 'your word that the handler is idempotent',
  flag: '--handler-is-idempotent',
  variable: 'CACHAO_HANDLER_IS_IDEMPOTENT',
  why: 'the stack is not cachao’s: an event whose first delivery had its effect before it failed is delivered again, and a handler that does not know it would count the payment twice',
};
const YES = {
  what: 'your agreement to deliver the messages',
  flag: '--yes',
  variable: 'CACHAO_YES',
  why: 'each event is delivered to the handler, and its message deleted',
};

/** Everything that must be agreed to before a run; all that is missing is named at once. False: declined. */
export async function agreeToReplay(
  world: World,
  targets: ReplayTargets,
  consent: ReplayConsent,
): Promise<boolean> {
  const { prompts, yes } = consent;
  const foreign = !targets.path.managed && !consent.handlerIsIdempotent;
  const missing = [...(foreign ? [IDEMPOTENT] : []), ...(yes ? [] : [YES])];
  prompts.require(missing);
  if (foreign && !(await askIdempotent(targets, prompts))) return false;
  if (!yes && !(await prompts.confirm(question(targets, consent), { unasked: YES }))) return false;
  await confirmLive(world, prompts, consent.confirmLive);
  return true;
}

function askIdempotent(targets: ReplayTargets, prompts: Prompts): Promise<boolean> {
  const names = targets.handlers.map(({ name }) => name).join(', ');
  return prompts.confirm(
    `${names} is not cachao's. An event may reach it a second time. Does it take one twice without harm?`,
    { unasked: IDEMPOTENT },
  );
}

function question({ queues, handlers }: ReplayTargets, { filter, max, archive }: ReplayConsent): string {
  if (archive)
    return `Have EventBridge send everything that it archived since ${new Date(filter.since ?? 0).toISOString()} to ${handlers.map(({ name }) => name).join(', ')} once more?`;
  const waiting = queues.reduce((sum, queue) => sum + queue.waiting + queue.inFlight, 0);
  const many = max === null ? messages(waiting) : `at most ${messages(Math.min(max, waiting))}`;
  const which = isEverything(filter) ? many : `what the filters name of ${many}`;
  return `Deliver ${which} to ${handlers.map(({ name }) => name).join(', ')}, and delete each that it takes?`;
}
