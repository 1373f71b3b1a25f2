import type { AdminHandlers, LocalCloud } from '../kernel/cloud.js';
import { json } from '../kernel/http.js';
import { jsonBody } from './body.js';

/**
 * `PUT /_cachao/calls {"recording": true}` starts a new record of every call (`false` stops it); `GET` shows it.
 * Names and counts only: inputs may hold secrets.
 */
export function callsRoute(cloud: LocalCloud): AdminHandlers {
  const show = async () => {
    const calls = cloud.faults.calls.map(({ service, operation }) => ({ service, operation }));
    return json(200, { recording: cloud.faults.recording, calls });
  };
  return {
    GET: show,
    PUT: async (request) => {
      cloud.faults.recording = jsonBody(request).recording !== false;
      cloud.faults.calls = [];
      return show();
    },
  };
}
