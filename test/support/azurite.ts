import { createHmac } from 'node:crypto';

const ACCOUNT = 'devstoreaccount1';
/** The public key of every Azurite. */
const KEY = 'Eby8vdM02xNOcqFlqUwJPLlmEtlCDXJ1OUzFT50uSRZ6IFsuFq2UVErCz4I6tq/K1SZFPTOtr/KBHBeksoGMGw==';
const VERSION = '2018-11-09';

/** Where a running Azurite is; scripts/with-azurite.mjs says so. */
export const AZURITE_ENDPOINT = process.env.AZB_AZURITE_ENDPOINT;

export function azuriteConnectionString(endpoint: string): string {
  return `AccountName=${ACCOUNT};AccountKey=${KEY};BlobEndpoint=${endpoint}`;
}

/** The container's URL with the permissions given, such as `rl`. */
export function containerSas(endpoint: string, container: string, permissions: string): string {
  const expiry = `${new Date(Date.now() + 3_600_000).toISOString().slice(0, 19)}Z`;
  const resource = `/blob/${ACCOUNT}/${container}`;
  const fields = [permissions, '', expiry, resource, '', '', '', VERSION, 'c', '', '', '', '', '', ''];
  const query = new URLSearchParams({
    sv: VERSION,
    sr: 'c',
    sp: permissions,
    se: expiry,
    sig: sign(fields.join('\n')),
  });
  return `${endpoint}/${container}?${query}`;
}

export async function createContainer(endpoint: string, container: string): Promise<void> {
  const expiry = `${new Date(Date.now() + 3_600_000).toISOString().slice(0, 19)}Z`;
  const fields = [ACCOUNT, 'c', 'b', 'c', '', expiry, '', '', VERSION, ''];
  const query = new URLSearchParams({
    restype: 'container',
    sv: VERSION,
    ss: 'b',
    srt: 'c',
    sp: 'c',
    se: expiry,
    sig: sign(fields.join('\n')),
  });
  const response = await fetch(`${endpoint}/${container}?${query}`, { method: 'PUT' });
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

function sign(text: string): string {
  return createHmac('sha256', Buffer.from(KEY, 'base64')).update(text, 'utf8').digest('base64');
}
