import { invokedFunction, isSamePlace } from '../../aws/arn.js';
import { covers } from '../../world/discovered-webhook.js';
import type { PathApi, PaymentPath } from '../../world/payment-path.js';
import type { World } from '../../world/world.js';

/**
 * Where the webhook's path leads, when that is not the function that it should be: its ARN, or a URL. Asked beside the
 * probe, as a stranger's function may answer just as ours does.
 */
export async function leadsAstray(
  world: World,
  path: PaymentPath,
  api: PathApi,
): Promise<string | undefined> {
  const methods = (await world.apiGateway.listMethods(api.id)).filter(
    ({ httpMethod, path: resource }) =>
      (httpMethod === 'POST' || httpMethod === 'ANY') && covers(resource, api.path),
  );
  // API Gateway prefers the method by its name, and the path without placeholders.
  const [answering] = methods.sort(
    (a, b) =>
      Number(b.path === api.path) - Number(a.path === api.path) ||
      Number(b.httpMethod === 'POST') - Number(a.httpMethod === 'POST'),
  );
  if (!answering) return undefined;
  const functionArn = invokedFunction(answering.integrationUri);
  if (path.managed) {
    const ours = path.functions.find(({ role }) => role === 'webhook');
    return functionArn === ours?.arn ? undefined : (functionArn ?? answering.integrationUri ?? 'nothing');
  }
  const { account } = await world.sts.callerIdentity();
  const here = `arn:aws:lambda:${world.settings.region}:${account}:function`;
  return functionArn === undefined || isSamePlace(functionArn, here) ? undefined : functionArn;
}
