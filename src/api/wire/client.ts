import { VERSION } from '../../lib/version.ts';
import type { AccountSettings } from '../settings.ts';
import { signerFor } from './credentials.ts';
import { createHttpClient } from './http-client.ts';
import type { ServiceClock } from './service-clock.ts';
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
  clock: ServiceClock,
  observe: (exchange: Exchange) => void,
): Clients {
  const parts = once(async () => {
    const sdk = await import('./sdk.ts');
    const { signer, refused } = await signerFor(settings.name, settings.credential, sdk);
    const options = {
      userAgent: `azb/${VERSION}`,
      noRetryPolicy: true,
      redirectOptions: { handleRedirects: false },
      httpClient: await createHttpClient(settings.endpoint, (headers) => new sdk.HttpHeaders(headers)),
      requestPolicyFactories: (defaults: readonly object[]) => [
        ...defaults,
        watchingPolicy(meter, clock, observe, async (request) => {
          if (!refused(request.headers.get('authorization'))) return false;
          await signer.signRequest(request);
          return true;
        }),
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

/** What the SDK's policies hand on. */
type PolicyRequest = Parameters<Awaited<ReturnType<typeof signerFor>>['signer']['signRequest']>[0];

/**
 * Stands next to the wire: it sees each request as it is sent and each answer as it comes. What is not believed did nothing,
 * and is sent once more where `signAnew` gives it another token.
 */
function watchingPolicy(
  meter: CountingMeter,
  clock: ServiceClock,
  observe: (exchange: Exchange) => void,
  signAnew: (request: PolicyRequest) => Promise<boolean>,
) {
  return {
    create<Reply extends { status: number; headers: { get(name: string): string | undefined } }>(
      next: Sender<PolicyRequest, Reply>,
    ): Sender<PolicyRequest, Reply> {
      const send = (request: PolicyRequest) => {
        meter.count();
        return observed(observe, request, () => next.sendRequest(request));
      };
      return {
        async sendRequest(request) {
          const reply = await send(request);
          clock.saw(reply.headers.get('date'));
          return reply.status === UNAUTHORIZED && (await signAnew(request)) ? send(request) : reply;
        },
      };
    },
  };
}
