import type { Happening, LocalCloud } from '../kernel/cloud.js';
import type { HttpHandler } from '../kernel/http.js';

/** `GET /_cachao/happenings`: what flows from now on, one JSON object a line, until the caller hangs up. */
export function happeningsRoute(cloud: LocalCloud): HttpHandler {
  return async (_request, response) => {
    response.writeHead(200, { 'content-type': 'application/x-ndjson' });
    response.flushHeaders();
    const write = (happening: Happening) => response.write(`${JSON.stringify(happening)}\n`);
    cloud.happenings.on('happening', write);
    response.on('close', () => cloud.happenings.off('happening', write));
    return 'handled';
  };
}
