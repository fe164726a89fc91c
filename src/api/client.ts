import { Agent as HttpAgent } from 'node:http';
import { Agent as HttpsAgent } from 'node:https';
import { VERSION } from '../lib/version.ts';
import { signerFor } from './credentials.ts';
import type { BatchServiceClient } from './sdk.ts';
import { type AccountSettings, isLoopback } from './settings.ts';
import type { CountingMeter } from './traffic.ts';

/**
 * Makes the SDK's client. Its own retries are off, because they wait up to two minutes and repeat changes
 * that may have taken effect; so is following redirects, which would carry the signature to another host.
 * Loads the SDK. @throws CredentialError when the credential cannot be used at all.
 */
export async function createClient(
  settings: AccountSettings,
  meter: CountingMeter,
): Promise<BatchServiceClient> {
  const sdk = await import('./sdk.ts');
  const signer = await signerFor(settings.name, settings.credential, sdk);
  return new sdk.BatchServiceClient(signer, settings.endpoint, {
    userAgent: `azb/${VERSION}`,
    noRetryPolicy: true,
    redirectOptions: { handleRedirects: false },
    ...agentsFor(settings.endpoint),
    requestPolicyFactories: (defaults) => [...defaults, countingPolicy(meter)],
  });
}

interface Sender<Request, Reply> {
  sendRequest(request: Request): Promise<Reply>;
}

function countingPolicy(meter: CountingMeter) {
  return {
    create<Request, Reply>(next: Sender<Request, Reply>): Sender<Request, Reply> {
      return {
        sendRequest(request) {
          meter.count();
          return next.sendRequest(request);
        },
      };
    },
  };
}

/**
 * Connections are kept between requests. The SDK ignores the proxy when it is given agents, so a proxy from
 * the environment gets none; a loopback endpoint always does, since a proxy cannot reach it.
 */
function agentsFor(endpoint: string): { agentSettings?: { http: HttpAgent; https: HttpsAgent } } {
  if (hasProxy() && !isLoopback(endpoint)) return {};
  return {
    agentSettings: { http: new HttpAgent({ keepAlive: true }), https: new HttpsAgent({ keepAlive: true }) },
  };
}

function hasProxy(): boolean {
  return ['HTTPS_PROXY', 'https_proxy', 'ALL_PROXY', 'all_proxy', 'HTTP_PROXY', 'http_proxy'].some(
    (name) => (process.env[name] ?? '') !== '',
  );
}
