import { qualifierOf } from '../../aws/arn.js';
import type { LambdaFunctionDetail } from '../../aws/lambda.js';
import type { Evidence } from '../../core/finding.js';
import { PATH_ACTIONS, type PathFunction, paymentPath } from '../../world/payment-path.js';
import type { World } from '../../world/world.js';

/** A function of the path as it is now. */
export interface DeployedFunction {
  /** What it is there for. */
  purpose: PathFunction['role'];
  name: string;
  /** The version or alias that is invoked; undefined: the unpublished version. */
  qualifier: string | undefined;
  deployed: LambdaFunctionDetail;
}

/** The functions of the path that are there; those of one purpose where that is asked for. */
export async function deployedFunctions(
  world: World,
  ...purposes: PathFunction['role'][]
): Promise<DeployedFunction[]> {
  const path = await paymentPath(world);
  const wanted = (path?.functions ?? []).filter(
    ({ role }) => purposes.length === 0 || purposes.includes(role),
  );
  const found = await Promise.all(
    wanted.map(async ({ role, name, arn }) => {
      const deployed = await world.lambda.function(name);
      return deployed && { purpose: role, name, qualifier: qualifierOf(arn), deployed };
    }),
  );
  return found.filter((one) => one !== undefined);
}

export function functionEvidence(world: World, functions: readonly { name: string }[]): Evidence[] {
  return functions.map(({ name }) => ({ label: 'function', value: name, url: world.links.lambda(name) }));
}

/** IAM actions of finding the path and its functions. */
export const FUNCTION_ACTIONS = PATH_ACTIONS;

/** Logical ids in `infra/template.yaml`. */
export const FUNCTIONS = [
  'StripeEventFunction',
  'StripeWebhookFunction',
  'OperationsFunction',
  'DrainFunction',
];
export const ROLES = ['StripeEventRole', 'StripeWebhookRole', 'OperationsRole', 'DrainRole'];
