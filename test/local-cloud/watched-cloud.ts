import { iamService } from '../../src/local-cloud/aws/iam/index.js';
import { logsService } from '../../src/local-cloud/aws/logs/index.js';
import { monitoringService } from '../../src/local-cloud/aws/monitoring/index.js';
import { snsService } from '../../src/local-cloud/aws/sns/index.js';
import { awsFront } from '../../src/local-cloud/aws-front.js';
import { Clock } from '../../src/local-cloud/kernel/clock.js';
import { LocalCloud } from '../../src/local-cloud/kernel/cloud.js';
import { listen } from '../../src/local-cloud/kernel/http.js';
import { Store } from '../../src/local-cloud/kernel/store.js';
import { clientConfiguration } from '../support/local-cloud.js';

/** CloudWatch, its logs and SNS over HTTP, on a manual clock. */
export async function startWatchedCloud(directory?: string) {
  const clock = new Clock('manual');
  const cloud = new LocalCloud(new Store(directory), clock);
  cloud.add([iamService, logsService, snsService, monitoringService]);
  const server = await listen(awsFront(cloud), 0);
  cloud.addresses.aws = server.url;
  cloud.start();
  return {
    cloud,
    clock,
    url: server.url,
    client: clientConfiguration(server.url),
    close: async () => {
      await server.close();
      await cloud.stop();
    },
  };
}

export type WatchedCloud = Awaited<ReturnType<typeof startWatchedCloud>>;
