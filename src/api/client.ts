import { VERSION } from '../lib/version.ts';
import { signerFor } from './credentials.ts';
import { createHttpClient } from './http-client.ts';
import { type AccountSettings, isLoopback } from './settings.ts';
import { type CountingMeter, type Exchange, observed } from './traffic.ts';

type Sdk = typeof import('./sdk.ts');
type Operations = typeof import('./sdk-operations.ts');

/** Sends requests of any kind through the SDK's pipeline. */
export type PipelineClient = InstanceType<Sdk['BatchServiceClientContext']>;
/** Has the SDK's typed operations. */
export type OperationsClient = InstanceType<Operations['BatchServiceClient']>;

/** The SDK's two clients for one account, made when they are first asked for. */
export interface Clients {
  /** Loads the SDK's pipeline. @throws CredentialError when the credential cannot be used at all. */
  pipeline(): Promise<PipelineClient>;
  /** Loads all of the SDK. @throws CredentialError likewise. */
  operations(): Promise<OperationsClient>;
}

/**
 * Makes clients whose own retries are off, because they wait up to two minutes and repeat changes that may have
 * taken effect; so is following redirects, which would carry the signature to another host.
 */
export function createClients(
  settings: AccountSettings,
  meter: CountingMeter,
  observe: (exchange: Exchange) => void,
): Clients {
  const parts = once(async () => {
    const sdk = await import('./sdk.ts');
    const { signer, refused } = await signerFor(settings.name, settings.credential, sdk);
    const options = {
      userAgent: `azb/${VERSION}`,
      noRetryPolicy: true,
      redirectOptions: { handleRedirects: false },
      ...(await senderFor(settings.endpoint, sdk)),
      requestPolicyFactories: (defaults: readonly object[]) => [
        ...defaults,
        watchingPolicy(meter, observe, refused),
      ],
    } as ConstructorParameters<Sdk['BatchServiceClientContext']>[2];
    return { sdk, signer, options };
  });
  return {
    pipeline: once(async () => {
      const { sdk, signer, options } = await parts();
      return new sdk.BatchServiceClientContext(signer, settings.endpoint, options);
    }),
    operations: once(async () => {
      const [{ BatchServiceClient }, { signer, options }] = await Promise.all([
        import('./sdk-operations.ts'),
        parts(),
      ]);
      return new BatchServiceClient(signer, settings.endpoint, options);
    }),
  };
}

/** Makes something at the first call, and again only where that failed. */
function once<T>(make: () => Promise<T>): () => Promise<T> {
  let made: Promise<T> | undefined;
  return () => {
    made ??= make().catch((error: unknown) => {
      made = undefined;
      throw error;
    });
    return made;
  };
}

const UNAUTHORIZED = 401;

interface Sender<Request, Reply> {
  sendRequest(request: Request): Promise<Reply>;
}

/** Stands next to the wire: it sees each request as it is sent, each answer as it comes, and tells who is refused. */
export function watchingPolicy(
  meter: CountingMeter,
  observe: (exchange: Exchange) => void,
  refused: () => void,
) {
  return {
    create<Request extends { method: string; url: string }, Reply extends { status: number }>(
      next: Sender<Request, Reply>,
    ): Sender<Request, Reply> {
      return {
        async sendRequest(request) {
          meter.count();
          const reply = await observed(observe, request, () => next.sendRequest(request));
          if (reply.status === UNAUTHORIZED) refused();
          return reply;
        },
      };
    },
  };
}

/**
 * What sends the requests. A proxy from the environment is for the SDK's own client, which knows how to go through one;
 * a loopback endpoint is never behind it.
 */
async function senderFor(endpoint: string, { HttpHeaders }: Sdk): Promise<object> {
  if (hasProxy() && !isLoopback(endpoint)) return {};
  return { httpClient: await createHttpClient(endpoint, (headers) => new HttpHeaders(headers)) };
}

function hasProxy(): boolean {
  return ['HTTPS_PROXY', 'https_proxy', 'ALL_PROXY', 'all_proxy', 'HTTP_PROXY', 'http_proxy'].some(
    (name) => (process.env[name] ?? '') !== '',
  );
}
