import type { IntegrationRecord } from '../records.js';
import { type FrontResponse, GATEWAY } from './responses.js';

/**
 * A MOCK integration, as CORS preflights use it: the request template's status code selects a response, whose headers
 * are quoted constants. Templates that compute are not evaluated; the mapping language has no place here.
 */
export function mockResponse(integration: IntegrationRecord): FrontResponse {
  const wanted = requestedStatus(integration.requestTemplates?.['application/json']);
  const responses = Object.values(integration.integrationResponses ?? {});
  const chosen =
    responses.find(
      ({ selectionPattern }) =>
        selectionPattern !== undefined && new RegExp(`^(?:${selectionPattern})$`).test(wanted),
    ) ?? responses.find(({ selectionPattern }) => selectionPattern === undefined);
  if (!chosen) return GATEWAY.integrationFailed();
  const headers: Record<string, string> = { 'content-type': 'application/json' };
  for (const [target, source] of Object.entries(chosen.responseParameters ?? {})) {
    const name = /^method\.response\.header\.(.+)$/.exec(target)?.[1];
    const constant = /^'(.*)'$/.exec(source)?.[1];
    if (name !== undefined && constant !== undefined) headers[name.toLowerCase()] = constant;
  }
  const body = chosen.responseTemplates?.['application/json'] ?? '';
  return { status: Number(chosen.statusCode), headers, body: Buffer.from(body) };
}

function requestedStatus(template: string | undefined): string {
  const found = /"?statusCode"?\s*:\s*"?(\d{3})/.exec(template ?? '');
  return found?.[1] ?? '200';
}
