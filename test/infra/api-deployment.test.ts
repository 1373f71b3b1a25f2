import { createHash } from 'node:crypto';
import { expect, it } from 'vitest';
import { resource, resourcesOf } from './read-template.js';

/** What a deployment takes its snapshot of. */
const SNAPSHOT = ['WebhookApi', 'WebhooksResource', 'StripeResource', 'StripePostMethod'];

it("names the API's deployment after the API's content, so that a change of the API is deployed", () => {
  const content = JSON.stringify(SNAPSHOT.map((id) => ({ ...resource(id).Properties, Tags: undefined })));
  const hash = createHash('sha256').update(content).digest('hex').slice(0, 8);
  expect(resourcesOf('AWS::ApiGateway::Deployment').map(([id]) => id)).toEqual([`WebhookDeployment${hash}`]);
});
