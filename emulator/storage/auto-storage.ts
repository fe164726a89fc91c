import { createHmac } from 'node:crypto';
import { isHttp } from './transfer.ts';

/** A connection string that cannot be used. */
export class ConnectionStringError extends Error {
  override readonly name = 'ConnectionStringError';
}

/** The storage account linked to the Batch account. */
export interface AutoStorage {
  /** The URL of a container, with the permission to list and read what is in it. */
  containerUrl(name: string, now: Date): string;
  /** The URL of a blob, with the permission to read, write and delete it until then. */
  blobUrl(container: string, blob: string, now: Date, expiry: Date): string;
  /** The URL whose PUT makes a container. */
  creationUrl(container: string, now: Date): string;
}

/** The account of the storage emulator, whose key is public. */
const DEVELOPMENT_ACCOUNT: Settings = {
  AccountName: 'devstoreaccount1',
  AccountKey: 'Eby8vdM02xNOcqFlqUwJPLlmEtlCDXJ1OUzFT50uSRZ6IFsuFq2UVErCz4I6tq/K1SZFPTOtr/KBHBeksoGMGw==',
  BlobEndpoint: 'http://127.0.0.1:10000/devstoreaccount1',
};

/**
 * Reads a storage account's connection string: with an account key, with a shared access signature, or
 * `UseDevelopmentStorage=true`.
 * @see https://learn.microsoft.com/azure/storage/common/storage-configure-connection-string
 * @throws ConnectionStringError
 */
export function parseConnectionString(text: string): AutoStorage {
  const given = settingsOf(text);
  const settings = given.UseDevelopmentStorage?.toLowerCase() === 'true' ? DEVELOPMENT_ACCOUNT : given;
  const endpoint = endpointOf(settings);
  const { AccountName: account, AccountKey: key, SharedAccessSignature: signature } = settings;
  if (signature !== undefined) {
    const query = signature.replace(/^\?/, '');
    return {
      containerUrl: (name) => `${endpoint}/${name}?${query}`,
      blobUrl: (container, blob) => `${endpoint}/${container}/${encodeURIComponent(blob)}?${query}`,
      creationUrl: (name) => `${endpoint}/${name}?restype=container&${query}`,
    };
  }
  if (account === undefined || key === undefined) {
    throw new ConnectionStringError('it has neither AccountName and AccountKey nor SharedAccessSignature');
  }
  const signer = { account, key };
  return {
    containerUrl: (name, now) => {
      const life = { now, expiry: new Date(now.getTime() + SIGNATURE_LIFE_MS) };
      return `${endpoint}/${name}?${serviceSignature(signer, 'c', name, 'rl', life)}`;
    },
    blobUrl: (container, blob, now, expiry) => {
      const signature = serviceSignature(signer, 'b', `${container}/${blob}`, 'rwd', { now, expiry });
      return `${endpoint}/${container}/${encodeURIComponent(blob)}?${signature}`;
    },
    creationUrl: (name, now) => `${endpoint}/${name}?restype=container&${creationSignature(signer, now)}`,
  };
}

type Settings = Readonly<Partial<Record<string, string>>>;

function settingsOf(text: string): Settings {
  const parts = text.split(';').filter((part) => part.trim() !== '');
  const pairs = parts.map((part) => {
    const mark = part.indexOf('=');
    if (mark < 1) throw new ConnectionStringError('its parts are not of the form Name=Value');
    return [part.slice(0, mark).trim(), part.slice(mark + 1).trim()];
  });
  return Object.fromEntries(pairs);
}

function endpointOf(settings: Settings): string {
  const { BlobEndpoint, AccountName, DefaultEndpointsProtocol = 'https' } = settings;
  const { EndpointSuffix = 'core.windows.net' } = settings;
  const usual =
    AccountName === undefined ? '' : `${DefaultEndpointsProtocol}://${AccountName}.blob.${EndpointSuffix}`;
  const endpoint = (BlobEndpoint ?? usual).replace(/\/+$/, '');
  if (!URL.canParse(endpoint) || !isHttp(new URL(endpoint))) {
    throw new ConnectionStringError('it has no AccountName and no BlobEndpoint that is an http address');
  }
  return endpoint;
}

/** A version whose string to sign has the fields below; newer ones add to it. */
const SIGNED_VERSION = '2018-11-09';
const SIGNATURE_LIFE_MS = 24 * 3600 * 1000;
/** Clocks of two machines may differ by this much. */
const CLOCK_SKEW_MS = 15 * 60 * 1000;

interface Signer {
  readonly account: string;
  readonly key: string;
}

interface Life {
  readonly now: Date;
  readonly expiry: Date;
}

/**
 * A signature for one container (`c`) or blob (`b`).
 * @see https://learn.microsoft.com/rest/api/storageservices/create-service-sas
 */
function serviceSignature(
  { account, key }: Signer,
  kind: 'c' | 'b',
  resource: string,
  permissions: string,
  { now, expiry }: Life,
): string {
  const start = toSeconds(now.getTime() - CLOCK_SKEW_MS);
  const end = toSeconds(expiry.getTime());
  const fields = [
    permissions,
    start,
    end,
    `/blob/${account}/${resource}`,
    '', // stored policy
    '', // address range
    '', // protocol
    SIGNED_VERSION,
    kind,
    '', // snapshot
    '', // Cache-Control
    '', // Content-Disposition
    '', // Content-Encoding
    '', // Content-Language
    '', // Content-Type
  ];
  return new URLSearchParams({
    sv: SIGNED_VERSION,
    sr: kind,
    sp: permissions,
    st: start,
    se: end,
    sig: sign(key, fields),
  }).toString();
}

/**
 * A signature of the account that can make containers and nothing else, for some minutes.
 * @see https://learn.microsoft.com/rest/api/storageservices/create-account-sas
 */
function creationSignature({ account, key }: Signer, now: Date): string {
  const end = toSeconds(now.getTime() + CLOCK_SKEW_MS);
  const [permissions, services, types] = ['c', 'b', 'c'];
  const fields = [account, permissions, services, types, '', end, '', '', SIGNED_VERSION, ''];
  return new URLSearchParams({
    sv: SIGNED_VERSION,
    ss: services,
    srt: types,
    sp: permissions,
    se: end,
    sig: sign(key, fields),
  }).toString();
}

function sign(key: string, fields: readonly string[]): string {
  return createHmac('sha256', Buffer.from(key, 'base64')).update(fields.join('\n'), 'utf8').digest('base64');
}

function toSeconds(milliseconds: number): string {
  return `${new Date(milliseconds).toISOString().slice(0, 19)}Z`;
}
