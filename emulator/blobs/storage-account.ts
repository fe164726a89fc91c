/** The storage account that the emulator plays beside the Batch account, and that is linked to it. */
export const STORAGE_ACCOUNT = 'azbstorage';

/** The path below which the storage account is; a name of its own in the host's stead, as a local machine has none. */
export const STORAGE_PATH = `/${STORAGE_ACCOUNT}`;

/** What clients of Azure Storage take to find an account: its name, its key, and where its blobs are. */
export function connectionStringOf(endpoint: string, key: string): string {
  return [
    'DefaultEndpointsProtocol=http',
    `AccountName=${STORAGE_ACCOUNT}`,
    `AccountKey=${key}`,
    `BlobEndpoint=${endpoint}${STORAGE_PATH}`,
  ].join(';');
}

/** Whether a request is one to the storage account. */
export function isBlobRequest(url: string | undefined): boolean {
  return url !== undefined && new RegExp(`^${STORAGE_PATH}(?:[/?]|$)`).test(url);
}
