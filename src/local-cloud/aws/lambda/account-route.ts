import type { LocalCloud } from '../../kernel/cloud.js';
import { json } from '../../kernel/http.js';
import type { AccountRecord } from './function-record.js';

/** `GET` and `PUT /_cachao/lambda-account?region=…`: the account's quota of concurrent executions, as a new account has 10. */
export function accountRoute(cloud: LocalCloud): void {
  const accounts = cloud.store.table<AccountRecord>('lambda.accounts');
  cloud.admin('lambda-account', async (request) => {
    const region = new URLSearchParams(request.query).get('region') ?? 'eu-west-1';
    if (request.method === 'PUT') {
      const { concurrentExecutions } = JSON.parse(request.body.toString('utf8')) as Partial<AccountRecord>;
      if (!Number.isInteger(concurrentExecutions) || (concurrentExecutions as number) < 1)
        return json(400, {
          error: `concurrentExecutions ${concurrentExecutions} is not a positive integer.`,
        });
      accounts.set(region, { concurrentExecutions: concurrentExecutions as number });
    }
    return json(200, { region, concurrentExecutions: accounts.get(region)?.concurrentExecutions ?? 1000 });
  });
}
