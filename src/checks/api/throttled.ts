import type { ApiStage, Throttle } from '../../aws/api-gateway.js';
import { fail, pass, skipped, warn } from '../../core/finding.js';
import { requirement } from '../../requirements/requirement.js';
import { PATH_ACTIONS, type PathApi, paymentPath } from '../../world/payment-path.js';
import type { World } from '../../world/world.js';
import { NOT_DEPLOYED } from '../not-deployed.js';
import type { PathCheck } from '../types.js';

export const apiThrottled: PathCheck = {
  ...requirement('api.throttled'),
  otherwise: 'the stage has a limit of zero, or does not exist',
  needs: ['account.aws-region'],
  iam: [...PATH_ACTIONS],
  fixIam: ['apigateway:PATCH'],
  async inspect(world) {
    const path = await paymentPath(world);
    if (!path) return NOT_DEPLOYED;
    if (!path.api) return skipped('the path has no webhook');
    const stage = await world.apiGateway.stage(path.api.id, path.api.stage);
    const throttle = stage && throttleOf(stage, path.api);
    if (throttle && lets(throttle)) return pass(`${throttle.rate} a second, burst ${throttle.burst}`);
    const more = {
      expected: wanted(world),
      actual: throttle ? `${throttle.rate} a second, burst ${throttle.burst}` : 'no limit',
      evidence: [
        {
          label: 'stage',
          value: `${path.api.id} ${path.api.stage}`,
          url: world.links.apiStage(path.api.id, path.api.stage),
        },
      ],
    };
    if (!stage)
      return fail(`the API ${path.api.id} has no stage ${path.api.stage}: nothing answers there`, {
        ...more,
        actual: 'no stage',
      });
    return (throttle ? fail : warn)(
      throttle
        ? `the stage ${stage.name} has a limit of zero: ${more.actual}`
        : `the stage ${stage.name} has no limit of its own`,
      {
        ...more,
        remedy: {
          text: 'Set the limits; what else the stage says stays.',
          commands: ['cachao doctor --fix'],
          fixable: true,
        },
      },
    );
  },
  fixLeaves: 'a stage that does not exist',
  async fix(world) {
    const found = await unthrottled(world);
    if (!found) return [];
    const { api, method } = found;
    return [
      {
        check: 'api.throttled',
        action: 'update',
        resource: 'API stage',
        name: `${api.id} ${api.stage}`,
        details: [`throttle${method ? ` of ${method}` : ''}: ${wanted(world)}`],
        url: world.links.apiStage(api.id, api.stage),
        apply: (bench) => bench.apiGateway.setThrottle(api.id, api.stage, world.settings.throttle, method),
      },
    ];
  },
};

/** The webhook's own method where the stage limits that one; undefined: the limit of all methods holds. */
const ownMethod = (stage: ApiStage, api: PathApi): string | undefined =>
  [`POST ${api.path}`, `* ${api.path}`].find((method) => stage.methodThrottles[method]);

function throttleOf(stage: ApiStage, api: PathApi): Throttle | null {
  const method = ownMethod(stage, api);
  return (method && stage.methodThrottles[method]) || stage.throttle;
}

/** A limit of zero refuses Stripe as well. */
const lets = (throttle: Throttle | null) => throttle !== null && throttle.rate > 0 && throttle.burst > 0;

const wanted = ({ settings: { throttle } }: World) => `${throttle.rate} a second, burst ${throttle.burst}`;

async function unthrottled(world: World): Promise<{ api: PathApi; method: string | undefined } | undefined> {
  const api = (await paymentPath(world))?.api;
  const stage = api && (await world.apiGateway.stage(api.id, api.stage));
  if (!stage || lets(throttleOf(stage, api))) return undefined;
  return { api, method: ownMethod(stage, api) };
}
