import { jsonBody } from '../../admin/body.js';
import { AdminError } from '../../admin/index.js';
import type { LocalCloud } from '../../kernel/cloud.js';
import { type HttpResponse, json } from '../../kernel/http.js';
import type { ServiceFactory } from '../../kernel/service.js';
import { publishOperations } from './operations/publish.js';
import { subscriptionOperations } from './operations/subscriptions.js';
import { topicOperations } from './operations/topics.js';
import { publish } from './publish.js';
import { subscriptionType } from './resource-types/subscription.js';
import { topicType } from './resource-types/topic.js';
import { topicPolicyType } from './resource-types/topic-policy.js';
import { Topics } from './topics.js';

/** Amazon SNS: standard topics. Mails are not sent but kept in an inbox, `GET /_cachao/inbox`. */
export const snsService: ServiceFactory = (cloud: LocalCloud) => {
  const topics = new Topics(cloud);
  cloud.provide('sns', {
    publish: (publication) => {
      publish(topics, publication);
    },
  });
  cloud.admin('inbox', { GET: async () => json(200, { mails: topics.inbox() }) });
  cloud.admin('inbox/confirm', { POST: async (request) => confirm(topics, jsonBody(request).token) });
  return {
    name: 'sns',
    protocol: 'query',
    apiVersion: '2010-03-31',
    namespace: 'http://sns.amazonaws.com/doc/2010-03-31/',
    operations: {
      ...topicOperations(topics),
      ...subscriptionOperations(topics),
      ...publishOperations(topics),
    },
    resourceTypes: {
      'AWS::SNS::Topic': topicType,
      'AWS::SNS::Subscription': subscriptionType,
      'AWS::SNS::TopicPolicy': topicPolicyType,
    },
  };
};

/** Opens the link of a request to confirm: the one with the token, else the oldest. */
function confirm(topics: Topics, token: unknown): HttpResponse {
  const pending = topics
    .subscriptions()
    .find((one) => one.pending && (token === undefined || one.token === token));
  if (!pending) throw new AdminError('There is no subscription to confirm.', 404);
  topics.confirm(pending.topicArn, pending.token);
  return json(200, { confirmed: pending.arn });
}
