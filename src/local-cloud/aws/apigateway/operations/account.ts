import { type Endpoint, endpoint } from '../endpoint.js';
import { badRequest, unknownIdentifier } from '../errors.js';
import { applyPatch, type Patchable, type PatchOperation } from '../patch.js';
import { ACCOUNT_THROTTLE, type AccountRecord } from '../records.js';
import type { ApiGatewayState } from '../state.js';

/** The one account record of a region: the role through which all its APIs log. */
export function accountEndpoints(state: ApiGatewayState): Endpoint[] {
  return [
    endpoint('GET', '/account', 'GetAccount', (_input: object, call) =>
      shown(state.accounts.get(call.region) ?? {}),
    ),
    endpoint('PATCH', '/account', 'UpdateAccount', (input: { patchOperations?: PatchOperation[] }, call) => {
      const account = applyPatch(state.accounts.get(call.region) ?? {}, input.patchOperations, PATCHABLE);
      const role = account.cloudwatchRoleArn;
      if (role !== undefined && !call.cloud.port('iam').assumableBy(role, 'apigateway.amazonaws.com'))
        throw badRequest(
          'The role ARN does not have required permissions configured. Please grant trust permission for API Gateway and add the required role policy.',
        );
      return shown(state.accounts.set(call.region, account));
    }),
    // None can exist: usage plans need API keys, which the local cloud refuses.
    endpoint('GET', '/usageplans', 'GetUsagePlans', () => ({ item: [] })),
    // Neither can a domain name: it needs a certificate and DNS.
    endpoint('GET', '/domainnames/{domainName}/basepathmappings', 'GetBasePathMappings', () => {
      throw unknownIdentifier('domain name');
    }),
  ];
}

const PATCHABLE: Patchable<AccountRecord>[] = [
  [
    /^\/cloudwatchRoleArn$/,
    (_account, value) => (value === undefined || value === '' ? {} : { cloudwatchRoleArn: value }),
  ],
];

function shown(account: AccountRecord): object {
  return { ...account, throttleSettings: ACCOUNT_THROTTLE, features: ['UsagePlans'], apiKeyVersion: '4' };
}
