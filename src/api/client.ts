import type { Agent as HttpAgent } from 'node:http';
import type { Agent as HttpsAgent } from 'node:https';
import { VERSION } from '../lib/version.ts';
import { signerFor } from './credentials.ts';
import type { BatchServiceClient } from './sdk.ts';
import { type AccountSettings, isLoopback } from './settings.ts';
import type { CountingMeter, Exchange } from './traffic.ts';

/**
 * Makes the SDK's client. Its own retries are off, because they wait up to two minutes and repeat changes
 * that may have taken effect; so is following redirects, which would carry the signature to another host.
 * Loads the SDK. @throws CredentialError when the credential cannot be used at all.
 */
export async function createClient(
  settings: AccountSettings,
  meter: CountingMeter,
  observe: (exchange: Exchange) => void,
): Promise<BatchServiceClient> {
  const sdk = await import('./sdk.ts');
  const signer = await signerFor(settings.name, settings.credential, sdk);
  return new sdk.BatchServiceClient(signer, settings.endpoint, {
    userAgent: `azb/${VERSION}`,
    noRetryPolicy: true,
    redirectOptions: { handleRedirects: false },
    ...(await agentsFor(settings.endpoint)),
    requestPolicyFactories: (defaults) => [...defaults, watchingPolicy(meter, observe)],
  });
}

interface Sender<Request, Reply> {
  sendRequest(request: Request): Promise<Reply>;
}

/** Stands next to the wire: it sees each request as it is sent, and each answer as it comes. */
function watchingPolicy(meter: CountingMeter, observe: (exchange: Exchange) => void) {
  return {
    create<Request extends { method: string; url: string }, Reply extends { status: number }>(
      next: Sender<Request, Reply>,
    ): Sender<Request, Reply> {
      return {
        async sendRequest(request) {
          meter.count();
          const start = performance.now();
          const { method, url } = request;
          const tell = (outcome: string) =>
            observe({ method, url, outcome, milliseconds: performance.now() - start });
          try {
            const reply = await next.sendRequest(request);
            tell(String(reply.status));
            return reply;
          } catch (error) {
            tell(error instanceof Error ? error.message : String(error));
            throw error;
          }
        },
      };
    },
  };
}

/**
 * Connections are kept between requests. The SDK ignores the proxy when it is given agents, so a proxy from
 * the environment gets none; a loopback endpoint always does, since a proxy cannot reach it.
 */
async function agentsFor(
  endpoint: string,
): Promise<{ agentSettings?: { http: HttpAgent; https: HttpsAgent } }> {
  if (hasProxy() && !isLoopback(endpoint)) return {};
  // Node's own HTTP takes long to load, and the first paint needs none.
  const [http, https] = await Promise.all([import('node:http'), import('node:https')]);
  return {
    agentSettings: { http: new http.Agent({ keepAlive: true }), https: new https.Agent({ keepAlive: true }) },
  };
}

function hasProxy(): boolean {
  return ['HTTPS_PROXY', 'https_proxy', 'ALL_PROXY', 'all_proxy', 'HTTP_PROXY', 'http_proxy'].some(
    (name) => (process.env[name] ?? '') !== '',
  );
}
