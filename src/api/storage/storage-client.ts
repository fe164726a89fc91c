import {
  BlobSASPermissions,
  BlobServiceClient,
  ContainerSASPermissions,
  generateBlobSASQueryParameters,
  newPipeline,
  type Pipeline,
  type RequestPolicyFactory,
  StorageSharedKeyCredential,
} from '@azure/storage-blob';
import { VERSION } from '../../lib/version.ts';
import type { SignedTarget } from '../port.ts';
import type { StorageSettings } from '../settings.ts';
import { type Connections, connectionsTo } from '../wire/connections.ts';
import { entraTokens, type ReusedToken } from '../wire/credentials.ts';
import { type Exchange, observed } from '../wire/traffic.ts';

const UNAUTHORIZED = 401;

/** What fails in passing is tried again by the SDK, a block of an upload too; for whoever looks on it must not take long. */
const RETRIES = { maxTries: 3, retryDelayInMs: 300, maxRetryDelayInMs: 2000 };

/**
 * Makes the SDK's client of a storage account; `observe` is told of each request. This module loads the SDK, and
 * `@azure/identity` for who signs in with Entra ID only.
 */
export async function createStorageClient(
  settings: StorageSettings,
  observe: (exchange: Exchange) => void,
): Promise<BlobServiceClient> {
  const { endpoint, credential } = settings;
  const url = credential.kind === 'signature' ? `${endpoint}?${credential.token}` : endpoint;
  const { signer, refused } = await signerOf(settings);
  return new BlobServiceClient(url, await storagePipeline(endpoint, signer, observe, refused));
}

/** What requests to blobs at an endpoint go through; `observe` is told of each, `refused` of those that are not believed. */
export async function storagePipeline(
  endpoint: string,
  signer: Parameters<typeof newPipeline>[0],
  observe: (exchange: Exchange) => void = () => {},
  refused: ReusedToken['refused'] = () => false,
): Promise<Pipeline> {
  const pipeline = newPipeline(signer, {
    retryOptions: RETRIES,
    userAgentOptions: { userAgentPrefix: `azb/${VERSION}` },
  });
  pipeline.factories.push(watching(await connectionsTo(endpoint), observe, refused));
  return pipeline;
}

function watching(
  connections: Connections,
  observe: (exchange: Exchange) => void,
  refused: ReusedToken['refused'],
): RequestPolicyFactory {
  return {
    create: (next) => ({
      async sendRequest(request) {
        const send = () =>
          connections.use(request.abortSignal, (agent) => {
            // In place of what the SDK chose: it sends what is for this machine to a proxy as well.
            request.agent = agent;
            return observed(observe, request, () => next.sendRequest(request));
          });
        try {
          return await send();
        } catch (error) {
          // What lies below makes an error of the answer.
          const isRefused = (error as { statusCode?: number }).statusCode === UNAUTHORIZED;
          if (!isRefused || !refused(request.headers.get('authorization'))) throw error;
          return send();
        }
      },
    }),
  };
}

/** What proves who azb is, and what hears of it when that is not believed. */
async function signerOf({ name, credential }: StorageSettings) {
  const refused = () => false;
  if (credential.kind === 'signature') return { signer: undefined, refused };
  if (credential.kind === 'shared key') {
    return { signer: new StorageSharedKeyCredential(name, credential.key), refused };
  }
  const tokens = await entraTokens(credential.cloud, 'storage');
  return { signer: tokens, refused: tokens.refused };
}

/** Clocks of two machines may differ by this much. */
const SKEW_MS = 15 * 60_000;

/** The longest life of a key that Entra ID gives for signing, from its start on. */
const LONGEST_KEY_MS = 7 * 24 * 3_600_000;

/** A signature that opens the target to whoever has it; undefined where azb has nothing to sign with. */
export async function signFor(
  client: BlobServiceClient,
  { name, credential }: StorageSettings,
  { container, blob, write = false }: SignedTarget,
  expires: Date,
): Promise<string | undefined> {
  if (credential.kind === 'signature') return undefined;
  const startsOn = new Date(Date.now() - SKEW_MS);
  const latest = new Date(startsOn.getTime() + LONGEST_KEY_MS);
  const expiresOn = credential.kind === 'Entra ID' && expires > latest ? latest : expires;
  const values = {
    containerName: container,
    startsOn,
    expiresOn,
    ...(blob === undefined
      ? { permissions: ContainerSASPermissions.parse(write ? 'racwl' : 'rl') }
      : { blobName: blob, permissions: BlobSASPermissions.parse(write ? 'racw' : 'r') }),
  };
  if (credential.kind === 'shared key') {
    const signer = new StorageSharedKeyCredential(name, credential.key);
    return generateBlobSASQueryParameters(values, signer).toString();
  }
  const key = await client.getUserDelegationKey(startsOn, expiresOn);
  return generateBlobSASQueryParameters(values, key, name).toString();
}
