import { expect, it } from 'vitest';
import { compareResources } from '../../src/stack/compare.js';
import { planStack } from '../../src/stack/plan.js';
import type { StackServices } from '../../src/stack/services.js';
import { parseTemplate } from '../../src/stack/template.js';
import { type Deployment, deploy, quietRun, startDeployment, TEMPLATE } from './deployment.js';
import { SETTINGS } from './stage.js';

class Killed extends Error {}

/** The services, of which the process that uses them dies right after the n-th call had its effect. */
function killedAfter(services: StackServices, n: number): { services: StackServices; calls: () => number } {
  let calls = 0;
  const dying = <T extends object>(target: T): T =>
    new Proxy(target, {
      get(object, name) {
        const method = Reflect.get(object, name) as unknown;
        if (typeof method !== 'function') return method;
        return async (...args: unknown[]) => {
          if (calls >= n) throw new Killed();
          calls += 1;
          const answer = (await Reflect.apply(method, object, args)) as unknown;
          if (calls >= n) throw new Killed();
          return answer;
        };
      },
    });
  const { region, cloudformation, cloudformationWrites, s3, s3Writes } = services;
  return {
    services: {
      region,
      cloudformation: dying(cloudformation),
      cloudformationWrites: dying(cloudformationWrites),
      s3: dying(s3),
      s3Writes: dying(s3Writes),
    },
    calls: () => calls,
  };
}

/** How many calls an undisturbed first deployment makes, following included. */
async function callsOf(deployment: Deployment): Promise<number> {
  const counted = killedAfter(deployment.services, Number.POSITIVE_INFINITY);
  await deploy(counted.services, SETTINGS, await deployment.inputs(), quietRun());
  return counted.calls();
}

it('a deployment that is killed after any of its calls is completed by the next', {
  timeout: 1_200_000,
}, async () => {
  const first = await startDeployment();
  const calls = await callsOf(first);
  await first.close();
  expect(calls).toBeGreaterThan(15);
  const step = process.env.CACHAO_SWEEP === 'all' ? 1 : Math.ceil(calls / 6);
  for (let n = 1; n < calls; n += step) {
    const deployment = await startDeployment();
    const inputs = await deployment.inputs();
    const run = quietRun();
    const killed = killedAfter(deployment.services, n);
    const outcome = await deploy(killed.services, SETTINGS, inputs, run).catch((error: unknown) => error);
    // Fewer looks than in the counted run may have been enough.
    if (!(outcome instanceof Killed)) expect(outcome).toHaveProperty('ruleArn');
    await deploy(deployment.services, SETTINGS, inputs, run);
    const { cloudformation } = deployment.services;
    expect((await cloudformation.stack('cachao-dev'))?.status, `killed after call ${n}`).toBe(
      'CREATE_COMPLETE',
    );
    expect((await planStack(deployment.services, SETTINGS, inputs)).upToDate).toBe(true);
    expect(await cloudformation.changeSetNames('cachao-dev')).toEqual([]);
    const deployed = parseTemplate((await cloudformation.template('cachao-dev')) ?? '');
    expect(compareResources(deployed, parseTemplate(TEMPLATE))).toEqual([]);
    await deployment.close();
  }
});
