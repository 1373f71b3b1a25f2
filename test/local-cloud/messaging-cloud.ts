import { eventsService } from '../../src/local-cloud/aws/events/index.js';
import { iamService } from '../../src/local-cloud/aws/iam/index.js';
import { logsService } from '../../src/local-cloud/aws/logs/index.js';
import { sqsService } from '../../src/local-cloud/aws/sqs/index.js';
import { awsFront } from '../../src/local-cloud/aws-front.js';
import { Clock } from '../../src/local-cloud/kernel/clock.js';
import { LocalCloud } from '../../src/local-cloud/kernel/cloud.js';
import { listen } from '../../src/local-cloud/kernel/http.js';
import { AwsError } from '../../src/local-cloud/kernel/service.js';
import { Store } from '../../src/local-cloud/kernel/store.js';
import { clientConfiguration } from '../support/local-cloud.js';

interface Datum {
  namespace: string;
  name: string;
  value: number;
  dimensions: Record<string, string>;
}

/** SQS, EventBridge, Logs and IAM over HTTP, on a manual clock; Lambda, SNS and metrics only write down what they get. */
export async function startMessagingCloud(directory?: string) {
  const clock = new Clock('manual');
  const cloud = new LocalCloud(new Store(directory), clock);
  const data: Datum[] = [];
  const invoked: { functionArn: string; payload: string; sourceArn?: string }[] = [];
  const published: { topicArn: string; message: string }[] = [];
  const told: string[] = [];
  const lambda: { answer: () => void } = { answer: () => {} };
  cloud.happenings.on('happening', ({ text }: { text: string }) => told.push(text));
  cloud.provide('metrics', {
    put: (_region, namespace, name, value, dimensions) =>
      void data.push({ namespace, name, value, dimensions }),
  });
  cloud.provide('lambda', {
    invoke: () => Promise.reject(new AwsError('ServiceException', 'only asynchronous here', 500)),
    invokeAsync: (request) => {
      lambda.answer();
      invoked.push(request);
    },
  });
  cloud.provide('sns', { publish: (request) => void published.push(request) });
  cloud.add([iamService, logsService, sqsService, eventsService]);
  const server = await listen(awsFront(cloud), 0);
  cloud.addresses.aws = server.url;
  cloud.start();
  return {
    cloud,
    clock,
    url: server.url,
    client: clientConfiguration(server.url),
    data,
    invoked,
    published,
    told,
    lambda,
    sum: (name: string, dimensions: Record<string, string>) =>
      data
        .filter((datum) => datum.name === name && same(datum.dimensions, dimensions))
        .reduce((total, { value }) => total + value, 0),
    close: async () => {
      await server.close();
      await cloud.stop();
    },
  };
}

export type MessagingCloud = Awaited<ReturnType<typeof startMessagingCloud>>;

function same(a: Record<string, string>, b: Record<string, string>): boolean {
  const keys = Object.keys(a);
  return keys.length === Object.keys(b).length && keys.every((key) => a[key] === b[key]);
}
