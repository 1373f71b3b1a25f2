import { afterEach, beforeEach, expect, it } from 'vitest';
import { AwsSession } from '../../src/aws/session.js';
import { OPERATOR_KEY } from '../../src/local-cloud/kernel/cloud.js';
import { planStack } from '../../src/stack/plan.js';
import { stackServices } from '../../src/stack/services.js';
import { type Deployment, deploy, quietRun, startDeployment } from './deployment.js';
import { SETTINGS } from './stage.js';

let deployment: Deployment;
beforeEach(async () => {
  deployment = await startDeployment();
});
afterEach(() => deployment.close());

const LIVE = { ...SETTINGS, mode: 'live' as const };
const WRITES: [string, string][] = [
  ['s3', 'CreateBucket'],
  ['s3', 'PutObject'],
  ['cloudformation', 'CreateChangeSet'],
  ['cloudformation', 'ExecuteChangeSet'],
  ['cloudformation', 'UpdateTerminationProtection'],
];

it.each(WRITES)(
  '%s:%s takes effect and its answer is lost: the deployment goes on as if it had come',
  async (service, operation) => {
    const services = stackServices(
      new AwsSession({
        region: 'eu-west-1',
        profile: null,
        endpoint: deployment.cloud.aws,
        credentials: OPERATOR_KEY,
        environment: {},
      }),
    );
    const { faults } = deployment.cloud.cloud;
    faults.set([{ service, operation, kind: 'reset-after', times: 1 }]);
    const inputs = await deployment.inputs();
    await deploy(services, LIVE, inputs, quietRun());
    expect(faults.list()).toMatchObject([{ fired: 1 }]);
    expect(await services.cloudformation.stack('cachao-dev')).toMatchObject({
      status: 'CREATE_COMPLETE',
      terminationProtection: true,
    });
    expect((await planStack(services, LIVE, inputs)).upToDate).toBe(true);
    expect(await services.cloudformation.changeSetNames('cachao-dev')).toEqual([]);
  },
);
