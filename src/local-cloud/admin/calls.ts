import type { LocalCloud } from '../kernel/cloud.js';
import { type HttpHandler, json } from '../kernel/http.js';
import { jsonBody, wrongMethod } from './body.js';

/**
 * `PUT /_cachao/calls {"recording": true}` starts a new record of every call (`false` stops it); `GET` shows it.
 * Names and counts only: inputs may hold secrets.
 */
export function callsRoute(cloud: LocalCloud): HttpHandler {
  return async (request) => {
    if (request.method === 'PUT') {
      cloud.faults.recording = jsonBody(request).recording !== false;
      cloud.faults.calls = [];
    } else if (request.method !== 'GET') throw wrongMethod(request, 'GET', 'PUT');
    const calls = cloud.faults.calls.map(({ service, operation }) => ({ service, operation }));
    return json(200, { recording: cloud.faults.recording, calls });
  };
}
