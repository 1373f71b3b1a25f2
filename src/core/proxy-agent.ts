import { type ClientRequestArgs, request as httpRequest } from 'node:http';
import { Agent, type AgentOptions, request as httpsRequest } from 'node:https';
import type { Duplex } from 'node:stream';
import { connect as tlsConnect } from 'node:tls';

interface Connection extends ClientRequestArgs {
  servername?: string;
}

/**
 * An agent for HTTPS that follows HTTPS_PROXY (or ALL_PROXY) and NO_PROXY, as the AWS CLI does: through the proxy
 * by CONNECT, so that it sees no content. Undefined when no proxy is set.
 */
export function proxyAgent(environment: NodeJS.ProcessEnv, options: AgentOptions = {}): Agent | undefined {
  const setting =
    environment.HTTPS_PROXY || environment.https_proxy || environment.ALL_PROXY || environment.all_proxy;
  if (!setting) return undefined;
  const proxy = new URL(setting.includes('://') ? setting : `http://${setting}`);
  const exceptions = environment.NO_PROXY || environment.no_proxy || '';
  return new TunnelAgent(proxy, (host) => bypasses(exceptions, host), options);
}

/** Whether NO_PROXY excepts the host: `*`, a host, or a domain with its subdomains (`.example.com` or `example.com`). */
export function bypasses(exceptions: string, host: string): boolean {
  const name = host.toLowerCase();
  return exceptions
    .toLowerCase()
    .split(/[\s,]+/)
    .filter(Boolean)
    .map((entry) => entry.replace(/:\d+$/, '').replace(/^\*?\./, ''))
    .some((entry) => entry === '*' || name === entry || name.endsWith(`.${entry}`));
}

class TunnelAgent extends Agent {
  constructor(
    private readonly proxy: URL,
    private readonly direct: (host: string) => boolean,
    options: AgentOptions,
  ) {
    super({ keepAlive: true, ...options });
  }

  override createConnection(
    options: Connection,
    done?: (error: Error | null, stream: Duplex) => void,
  ): Duplex | null | undefined {
    const host = String(options.host ?? options.hostname);
    if (this.direct(host)) return super.createConnection(options, done);
    const target = `${host}:${options.port ?? 443}`;
    const fail = (error: Error) => done?.(error, undefined as never);
    const request = (this.proxy.protocol === 'https:' ? httpsRequest : httpRequest)({
      host: this.proxy.hostname,
      port: this.proxy.port || (this.proxy.protocol === 'https:' ? 443 : 80),
      method: 'CONNECT',
      path: target,
      headers: { host: target, ...this.authorization() },
    });
    request.once('error', (cause) => fail(refused(this.proxy, cause.message, cause)));
    request.once('connect', (response, socket) => {
      if (response.statusCode !== 200) {
        socket.destroy();
        return fail(refused(this.proxy, `it answered CONNECT with ${response.statusCode}`));
      }
      done?.(null, tlsConnect({ ...this.options, socket, servername: options.servername ?? host }));
    });
    request.end();
    return undefined;
  }

  private authorization(): Record<string, string> {
    if (!this.proxy.username) return {};
    const credentials = `${decodeURIComponent(this.proxy.username)}:${decodeURIComponent(this.proxy.password)}`;
    return { 'proxy-authorization': `Basic ${Buffer.from(credentials).toString('base64')}` };
  }
}

function refused(proxy: URL, reason: string, cause?: Error): Error {
  return Object.assign(new Error(`the proxy ${proxy.host} did not connect: ${reason}`, { cause }), {
    code: (cause as NodeJS.ErrnoException | undefined)?.code ?? 'EPROXY',
  });
}
