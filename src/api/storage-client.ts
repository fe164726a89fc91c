import {
  BlobSASPermissions,
  BlobServiceClient,
  ContainerSASPermissions,
  generateBlobSASQueryParameters,
  newPipeline,
  type RequestPolicyFactory,
  StorageSharedKeyCredential,
} from '@azure/storage-blob';
import { VERSION } from '../lib/version.ts';
import { AUTHORITIES } from './credentials.ts';
import type { SignedTarget } from './port.ts';
import type { StorageSettings } from './settings.ts';
import { type Exchange, observed } from './traffic.ts';

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
  const pipeline = newPipeline(await signerOf(settings), {
    retryOptions: RETRIES,
    userAgentOptions: { userAgentPrefix: `azb/${VERSION}` },
  });
  pipeline.factories.push(watching(observe));
  return new BlobServiceClient(url, pipeline);
}

function watching(observe: (exchange: Exchange) => void): RequestPolicyFactory {
  return {
    create: (next) => ({
      sendRequest: (request) => observed(observe, request, () => next.sendRequest(request)),
    }),
  };
}

async function signerOf({ name, credential }: StorageSettings) {
  if (credential.kind === 'signature') return undefined;
  if (credential.kind === 'shared key') return new StorageSharedKeyCredential(name, credential.key);
  const { DefaultAzureCredential } = await import('@azure/identity');
  return new DefaultAzureCredential({
    authorityHost: process.env.AZURE_AUTHORITY_HOST ?? AUTHORITIES[credential.cloud],
  });
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
