import { jsonBody } from '../../admin/body.js';
import { AdminError } from '../../admin/index.js';
import type { AdminHandlers } from '../../kernel/cloud.js';
import { json } from '../../kernel/http.js';
import { AwsError } from '../../kernel/service.js';
import { validatePolicy } from './policy/validate.js';
import { type IamState, OPERATOR_NAME } from './state.js';

/**
 * `PUT /_cachao/enforcement {"policy": {…}}`: from now on the operator may do only what that policy (and policies put
 * on the user) allows. `{"policy": null}` makes it an administrator again. `GET` shows which.
 */
export function enforcementRoute(state: IamState): AdminHandlers {
  const show = async () => json(200, shown(state));
  return {
    GET: show,
    PUT: async (request) => {
      const { policy } = jsonBody(request);
      if (policy === undefined) throw new AdminError('Give {"policy": <document>}, or {"policy": null}.');
      if (policy === null) state.enforcement.delete(OPERATOR_NAME);
      else bind(state, typeof policy === 'string' ? policy : JSON.stringify(policy));
      return show();
    },
  };
}

function bind(state: IamState, document: string): void {
  try {
    validatePolicy(document, 'identity');
  } catch (error) {
    throw error instanceof AwsError ? new AdminError(error.message) : error;
  }
  state.enforcement.set(OPERATOR_NAME, { document });
}

function shown(state: IamState): { policy: unknown } {
  const enforced = state.enforcement.get(OPERATOR_NAME);
  return { policy: enforced ? JSON.parse(enforced.document) : null };
}
