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
    return { containerUrl: (name) => `${endpoint}/${name}?${query}` };
  }
  if (account === undefined || key === undefined) {
    throw new ConnectionStringError('it has neither AccountName and AccountKey nor SharedAccessSignature');
  }
  return {
    containerUrl: (name, now) => `${endpoint}/${name}?${containerSignature(account, key, name, now)}`,
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

/**
 * A signature for listing and reading one container.
 * @see https://learn.microsoft.com/rest/api/storageservices/create-service-sas
 */
function containerSignature(account: string, key: string, container: string, now: Date): string {
  const start = toSeconds(now.getTime() - CLOCK_SKEW_MS);
  const expiry = toSeconds(now.getTime() + SIGNATURE_LIFE_MS);
  const permissions = 'rl';
  const fields = [
    permissions,
    start,
    expiry,
    `/blob/${account}/${container}`,
    '', // stored policy
    '', // address range
    '', // protocol
    SIGNED_VERSION,
    'c', // kind of resource: a container
    '', // snapshot
    '', // Cache-Control
    '', // Content-Disposition
    '', // Content-Encoding
    '', // Content-Language
    '', // Content-Type
  ];
  const signature = createHmac('sha256', Buffer.from(key, 'base64')).update(fields.join('\n'), 'utf8');
  return new URLSearchParams({
    sv: SIGNED_VERSION,
    sr: 'c',
    sp: permissions,
    st: start,
    se: expiry,
    sig: signature.digest('base64'),
  }).toString();
}

function toSeconds(milliseconds: number): string {
  return `${new Date(milliseconds).toISOString().slice(0, 19)}Z`;
}
