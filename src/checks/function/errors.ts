import { spanOf } from '../../core/duration.js';
import { undefinedIfUnavailable } from '../../core/errors.js';
import { fail, pass, type Remedy, skipped, warn } from '../../core/finding.js';
import { requirement } from '../../requirements/requirement.js';
import { readHandled } from '../../world/handler-logs.js';
import type { World } from '../../world/world.js';
import { countSince, happened, isOver, lastOf, lastWords } from '../lately.js';
import type { PathCheck } from '../types.js';
import {
  type DeployedFunction,
  deployedFunctions,
  FUNCTION_ACTIONS,
  functionEvidence,
} from './path-functions.js';

/** What each metric counts, as a person would say it. */
const LOSSES: readonly [string, string, string][] = [
  ['Errors', 'error', 'errors'],
  ['Throttles', 'throttle', 'throttles'],
  ['AsyncEventsDropped', 'dropped event', 'dropped events'],
  ['DeadLetterErrors', 'failure to reach the dead-letter queue', 'failures to reach the dead-letter queue'],
  ['DestinationDeliveryFailures', 'failure to reach the queue', 'failures to reach the queue'],
];

export const errors: PathCheck = {
  ...requirement('function.errors'),
  otherwise: 'it is over: quiet for ten minutes, and runs went well since',
  needs: ['function.state'],
  iam: [...FUNCTION_ACTIONS, 'cloudwatch:GetMetricData', 'logs:FilterLogEvents'],
  operational: true,
  async inspect(world) {
    const functions = await deployedFunctions(world, 'event', 'webhook', 'drain');
    if (functions.length === 0) return skipped('no handler is deployed');
    const counted = await Promise.all(functions.map((one) => lossesOf(world, one)));
    const window = spanOf(world.choices.windowMs);
    const bad = counted.filter(({ losses }) => losses.length > 0);
    if (bad.length === 0) return pass(`none in ${window}`, { evidence: functionEvidence(world, functions) });
    const over = bad.every(({ lastAt, wellSince }) => isOver(lastAt, wellSince));
    return (over ? warn : fail)(
      `${over ? 'over: ' : ''}${bad.map(({ name, losses }) => `${name}: ${losses.join(', ')}`).join('; ')} in ${window}; ${lastWords(Math.max(...bad.map(({ lastAt }) => lastAt)))}`,
      {
        expected: 'none',
        actual: bad
          .map(({ name, losses, lastAt, wellSince }) =>
            [`${name}: ${losses.join(', ')}`, lastWords(lastAt), wentWell(wellSince)].join('; '),
          )
          .join('. '),
        evidence: [
          ...functionEvidence(world, bad),
          ...bad.map(({ logGroup }) => ({
            label: 'log group',
            value: logGroup,
            url: world.links.logGroup(logGroup),
          })),
        ],
        remedy: over ? OVER : remedyFor(bad),
      },
    );
  },
};

interface Counted {
  name: string;
  logGroup: string;
  /** "2 errors", "1 dropped event". */
  losses: string[];
  /** When something went wrong last; only where something did. */
  lastAt: number;
  /** Runs since then, none of which went wrong. */
  wellSince: number;
}

async function lossesOf(world: World, { name, deployed }: DeployedFunction): Promise<Counted> {
  const counts = await Promise.all(LOSSES.map(([metric]) => ofFunction(world, name, metric)));
  const losses = LOSSES.flatMap(([, one, many], index) => {
    const count = counts[index]?.count ?? 0;
    return count > 0 ? [`${count} ${count === 1 ? one : many}`] : [];
  });
  const lastAt = lastOf(counts) ?? 0;
  const wellSince = lastAt > 0 ? await wellRuns(world, name, deployed.logGroup, lastAt) : 0;
  return { name, logGroup: deployed.logGroup, losses, lastAt, wellSince };
}

/**
 * Runs that went well since then. Our own functions are probed as well, which proves nothing: what they handled stands
 * in their logs. Of somebody else's, and where the logs may not be read, only the metric tells.
 */
async function wellRuns(world: World, name: string, logGroup: string, since: number): Promise<number> {
  const handled = world.settings.stack.managed
    ? await undefinedIfUnavailable(readHandled(world, logGroup, new Date(since)))
    : undefined;
  return handled?.length ?? countSince(await ofFunction(world, name, 'Invocations'), since);
}

const ofFunction = (world: World, functionName: string, name: string) =>
  happened(world, { namespace: 'AWS/Lambda', name, dimensions: { FunctionName: functionName } });

function wentWell(runs: number): string {
  return runs === 0 ? 'it has not run since' : `${runs} run${runs === 1 ? '' : 's'} since went well`;
}

const OVER: Remedy = {
  text: 'Find the cause in the log group, if it is not known. This remains listed until it leaves the --since window.',
  commands: [],
  fixable: false,
};

function remedyFor(bad: readonly Counted[]): Remedy {
  const idle = bad.some(({ wellSince }) => wellSince === 0);
  return {
    text: `The log group shows why. What was retried in vain waits in the dead-letter queue.${idle ? ' Once the cause is repaired, a test checkout shows that it is over.' : ''}`,
    commands: ['cachao replay-dlq --list', ...(idle ? ['cachao checkout'] : [])],
    fixable: false,
  };
}
