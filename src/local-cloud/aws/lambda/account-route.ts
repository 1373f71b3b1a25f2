import { jsonBody } from '../../admin/body.js';
import { AdminError } from '../../admin/index.js';
import type { LocalCloud } from '../../kernel/cloud.js';
import { type HttpHandler, type HttpRequest, json } from '../../kernel/http.js';
import type { AccountRecord } from './function-record.js';

/** `GET` and `PUT /_cachao/lambda-account?region=…`: the account's quota of concurrent executions, as a new account has 10. */
export function accountRoute(cloud: LocalCloud): void {
  const accounts = cloud.store.table<AccountRecord>('lambda.accounts');
  const regionOf = ({ query }: HttpRequest) => new URLSearchParams(query).get('region') ?? 'eu-west-1';
  const show: HttpHandler = async (request) => {
    const region = regionOf(request);
    return json(200, { region, concurrentExecutions: accounts.get(region)?.concurrentExecutions ?? 1000 });
  };
  cloud.admin('lambda-account', {
    GET: show,
    PUT: async (request, response) => {
      const { concurrentExecutions } = jsonBody(request);
      if (!Number.isInteger(concurrentExecutions) || (concurrentExecutions as number) < 1)
        throw new AdminError(`concurrentExecutions ${concurrentExecutions} is not a positive integer.`);
      accounts.set(regionOf(request), { concurrentExecutions: concurrentExecutions as number });
      return show(request, response);
    },
  });
}
