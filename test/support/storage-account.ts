import { createHmac } from 'node:crypto';

const VERSION = '2018-11-09';

/** A storage account that tests put blobs to, with nothing of azb's or the emulator's own in between. */
export interface StorageAccount {
  readonly name: string;
  readonly key: string;
  /** URL of the account's blobs, no slash at the end. */
  readonly endpoint: string;
}

/** A running Azurite, whose key is public; undefined unless scripts/with-azurite.mjs says where it is. */
export function azurite(): StorageAccount | undefined {
  const endpoint = process.env.AZB_AZURITE_ENDPOINT;
  if (endpoint === undefined) return undefined;
  const key = 'Eby8vdM02xNOcqFlqUwJPLlmEtlCDXJ1OUzFT50uSRZ6IFsuFq2UVErCz4I6tq/K1SZFPTOtr/KBHBeksoGMGw==';
  return { name: 'devstoreaccount1', key, endpoint };
}

export function connectionString({ name, key, endpoint }: StorageAccount): string {
  return `AccountName=${name};AccountKey=${key};BlobEndpoint=${endpoint}`;
}

/** The account that a connection string tells of. */
export function accountIn(text: string): StorageAccount {
  const value = (name: string) => new RegExp(`(?:^|;)${name}=([^;]*)`).exec(text)?.[1] ?? '';
  return { name: value('AccountName'), key: value('AccountKey'), endpoint: value('BlobEndpoint') };
}

/** The container's URL with the permissions given, such as `rl`. */
export function containerSas(account: StorageAccount, container: string, permissions: string): string {
  const expiry = `${new Date(Date.now() + 3_600_000).toISOString().slice(0, 19)}Z`;
  const resource = `/blob/${account.name}/${container}`;
  const fields = [permissions, '', expiry, resource, '', '', '', VERSION, 'c', '', '', '', '', '', ''];
  const query = new URLSearchParams({
    sv: VERSION,
    sr: 'c',
    sp: permissions,
    se: expiry,
    sig: sign(account, fields.join('\n')),
  });
  return `${account.endpoint}/${container}?${query}`;
}

export async function createContainer(account: StorageAccount, container: string): Promise<void> {
  const expiry = `${new Date(Date.now() + 3_600_000).toISOString().slice(0, 19)}Z`;
  const fields = [account.name, 'c', 'b', 'c', '', expiry, '', '', VERSION, ''];
  const query = new URLSearchParams({
    restype: 'container',
    sv: VERSION,
    ss: 'b',
    srt: 'c',
    sp: 'c',
    se: expiry,
    sig: sign(account, fields.join('\n')),
  });
  const response = await fetch(`${account.endpoint}/${container}?${query}`, { method: 'PUT' });
  if (!response.ok) throw new Error(`${response.status} ${await response.text()}`);
}

/** Reads a blob with a container's URL and signature; undefined when it is not there. */
export async function readBlob(containerUrl: string, name: string): Promise<string | undefined> {
  const response = await fetch(blobUrl(containerUrl, name));
  return response.ok ? response.text() : undefined;
}

export async function writeBlob(containerUrl: string, name: string, content: string): Promise<void> {
  const response = await fetch(blobUrl(containerUrl, name), {
    method: 'PUT',
    headers: { 'x-ms-blob-type': 'BlockBlob' },
    body: content,
  });
  if (!response.ok) throw new Error(`${response.status} ${await response.text()}`);
}

function blobUrl(containerUrl: string, name: string): string {
  return containerUrl.replace('?', `/${name.split('/').map(encodeURIComponent).join('/')}?`);
}

function sign({ key }: StorageAccount, text: string): string {
  return createHmac('sha256', Buffer.from(key, 'base64')).update(text, 'utf8').digest('base64');
}
