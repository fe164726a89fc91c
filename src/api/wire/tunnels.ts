import type { ClientRequest, Agent as HttpAgent } from 'node:http';
import { HttpsProxyAgent } from 'https-proxy-agent';
import { PROXY_FAILURE } from './proxy.ts';

/**
 * Connections through a proxy, which sees the name of the host and nothing of what is sent: the SDK's own way for Batch shows
 * it the signature as well. This module loads what speaks to proxies.
 */
export function createTunnels(proxy: URL, options: { keepAlive: boolean; timeout: number }): HttpAgent {
  const fail = (what: string, cause?: unknown): never => {
    throw Object.assign(new Error(`the proxy ${proxy.host} ${what}`, { cause }), { code: PROXY_FAILURE });
  };
  class Tunnels extends HttpsProxyAgent<string> {
    override async connect(request: ClientRequest, asked: ConnectOptions) {
      let status = 0;
      request.once('proxyConnect', (answer: { statusCode: number }) => {
        status = answer.statusCode;
      });
      const { signal, release } = lifeOf(request);
      const way = new HttpsProxyAgent<string>(proxy.href, { ...options, signal });
      const socket = await way
        .connect(request, asked)
        .catch((error: Error) => fail(`cannot be used: ${error.message}`, error))
        .finally(release);
      if (status === 200) return socket;
      socket.destroy();
      return fail(REFUSALS[status] ?? `answered with HTTP ${status}`);
    }
  }
  const tunnels = new Tunnels(proxy.href, options);
  // The package drops what Node's agent goes by, which would then let connections be silent for good.
  tunnels.options.timeout = options.timeout;
  return tunnels as unknown as HttpAgent;
}

type ConnectOptions = Parameters<HttpsProxyAgent<string>['connect']>[1];

/**
 * A signal for when a request is given up before it is connected, of which Node tells nobody: a proxy that never answers would
 * hold whoever asked, and azb at its end.
 */
function lifeOf(request: ClientRequest): { readonly signal: AbortSignal; release(): void } {
  const life = new AbortController();
  const destroy = request.destroy.bind(request);
  if (request.destroyed) life.abort();
  request.destroy = (error) => {
    life.abort();
    return destroy(error);
  };
  return {
    signal: life.signal,
    release: () => {
      request.destroy = destroy;
    },
  };
}

/** What proxies answer to who wants to connect through them. */
const REFUSALS: Readonly<Record<number, string>> = {
  403: 'does not let this host be asked (403)',
  407: 'wants a user name and password (407)',
  502: 'does not reach the host (502)',
  503: 'does not reach the host (503)',
  504: 'got no answer from the host (504)',
};
