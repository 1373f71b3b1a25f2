import { type HttpHandler, json } from '../../kernel/http.js';
import { AwsError } from '../../kernel/service.js';
import { validatePolicy } from './policy/validate.js';
import { type IamState, OPERATOR_NAME } from './state.js';

/**
 * `PUT /_cachao/enforcement {"policy": {…}}`: from now on the operator may do only what that policy (and policies put
 * on the user) allows. `{"policy": null}` makes it an administrator again. `GET` shows which.
 */
export function enforcementRoute(state: IamState): HttpHandler {
  return async (request) => {
    if (request.method === 'GET') return json(200, shown(state));
    if (request.method !== 'PUT') return json(405, { error: `${request.method} is not GET or PUT.` });
    try {
      const { policy } = JSON.parse(request.body.toString('utf8')) as { policy?: unknown };
      if (policy === undefined)
        return json(400, { error: 'Give {"policy": <document>}, or {"policy": null}.' });
      if (policy === null) state.enforcement.delete(OPERATOR_NAME);
      else {
        const document = typeof policy === 'string' ? policy : JSON.stringify(policy);
        validatePolicy(document, 'identity');
        state.enforcement.set(OPERATOR_NAME, { document });
      }
      return json(200, shown(state));
    } catch (error) {
      if (!(error instanceof AwsError || error instanceof SyntaxError)) throw error;
      return json(400, { error: error.message });
    }
  };
}

function shown(state: IamState): { policy: unknown } {
  const enforced = state.enforcement.get(OPERATOR_NAME);
  return { policy: enforced ? JSON.parse(enforced.document) : null };
}
