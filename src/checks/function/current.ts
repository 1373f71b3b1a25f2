import type { Progress } from '../../core/check.js';
import { pass, skipped, warn } from '../../core/finding.js';
import { requirement } from '../../requirements/requirement.js';
import { artifactBucketName, uploadArtifacts } from '../../stack/artifact-bucket.js';
import {
  type Artifact,
  artifactKey,
  CODE_PARAMETERS,
  type HandlerName,
  readArtifacts,
} from '../../stack/artifacts.js';
import { DEPLOY_ACTIONS } from '../../stack/permissions.js';
import type { Bench } from '../../world/bench.js';
import type { PathFunction } from '../../world/payment-path.js';
import type { World } from '../../world/world.js';
import type { PathCheck } from '../types.js';
import { deployedFunctions, FUNCTION_ACTIONS, functionEvidence } from './path-functions.js';

const ID = 'function.current';
const HANDLERS: Record<PathFunction['role'], HandlerName> = {
  event: 'stripe-event',
  webhook: 'stripe-webhook',
  operations: 'operations',
  drain: 'drain',
};

export const current: PathCheck = {
  ...requirement('function.current'),
  needs: ['function.state'],
  iam: FUNCTION_ACTIONS,
  fixIam: [...DEPLOY_ACTIONS, 'lambda:UpdateFunctionCode', 'lambda:GetFunctionConfiguration'],
  async inspect(world) {
    if (!world.settings.stack.managed)
      return skipped(`the code of ${world.settings.stack.name} is not in this checkout`);
    const old = await outdated(world);
    const functions = await deployedFunctions(world);
    const evidence = functionEvidence(world, functions);
    if (old.length === 0) return pass(`${functions.length} functions run it`, { evidence });
    return warn(`${old.map(({ name }) => name).join(', ')} runs other code than this checkout's`, {
      expected: old.map(({ artifact }) => hash(artifact)).join(', '),
      actual: old.map(({ deployedHash }) => deployedHash).join(', '),
      evidence,
      remedy: { text: 'Upload the code of this checkout.', commands: ['cachao doctor --fix'], fixable: true },
    });
  },
  async fix(world) {
    if (!world.settings.stack.managed) return [];
    return (await outdated(world)).map(({ name, artifact, deployedHash }) => ({
      check: ID,
      action: 'update',
      resource: 'Lambda function',
      name,
      details: [`code: ${deployedHash} -> ${hash(artifact)}`],
      url: world.links.lambda(name),
      apply: (bench, progress) => upload(bench, name, artifact, progress),
    }));
  },
};

interface Outdated {
  name: string;
  artifact: Artifact;
  deployedHash: string;
}

async function outdated(world: World): Promise<Outdated[]> {
  const [functions, artifacts, stack] = await Promise.all([
    deployedFunctions(world),
    world.once('artifacts', () => readArtifacts(world.handlersDirectory)),
    world.cloudformation.stack(world.settings.stack.name),
  ]);
  return functions.flatMap(({ name, purpose, deployed }) => {
    const artifact = artifacts.find((one) => one.name === HANDLERS[purpose]);
    if (!artifact) return [];
    // Where the stack itself is older than this checkout, deploying it brings the code: that is told once, there.
    const given = stack?.parameters[CODE_PARAMETERS[artifact.name]];
    const deployedHex = Buffer.from(deployed.codeSha256, 'base64').toString('hex');
    const asGiven = given === artifactKey(artifact.name, deployedHex);
    return asGiven || deployedHex === artifact.sha256
      ? []
      : [{ name, artifact, deployedHash: deployed.codeSha256 }];
  });
}

/** As Lambda says it. */
const hash = (artifact: Artifact) => Buffer.from(artifact.sha256, 'hex').toString('base64');

/** Directly, and not by a deployment: to CloudFormation, which cannot read code back, nothing has changed. */
async function upload(bench: Bench, name: string, artifact: Artifact, progress: Progress): Promise<void> {
  const { world } = bench;
  const { account } = await world.sts.callerIdentity();
  const bucket = artifactBucketName(account, world.settings.region);
  await uploadArtifacts(bench.stack, bucket, [artifact], progress);
  await bench.lambda.updateCode(name, bucket, artifact.key);
}
