import { isSameSignature, sign } from '../http/signature.ts';
import { STORAGE_ACCOUNT } from './storage-account.ts';
import { StorageFault } from './storage-fault.ts';

/** What a signature in a URL allows. */
export interface SharedAccess {
  readonly kind: 'service' | 'account';
  readonly permissions: ReadonlySet<string>;
  /** For an account's signature: `s`ervice, `c`ontainer, `o`bject. */
  readonly types: ReadonlySet<string>;
  /** For a service's: the container, and the blob where it is about one only. */
  readonly container: string | undefined;
  readonly blob: string | undefined;
  /** Headers of a read answer that the signature replaces. */
  readonly headers: Readonly<Record<string, string>>;
}

/** What of a request a signature is checked against. */
export interface SharedAccessRequest {
  readonly query: ReadonlyMap<string, string>;
  readonly container: string | undefined;
  readonly blob: string | undefined;
  /** Address of the client. */
  readonly from: string;
  /** Milliseconds since 1970. */
  readonly now: number;
}

/** Versions from which the text that is signed has further lines. */
const FIRST_VERSION = '2015-04-05';
const WITH_RESOURCE_KIND = '2018-11-09';
const WITH_ENCRYPTION_SCOPE = '2020-12-06';

const REPLACED_HEADERS: Readonly<Record<string, string>> = {
  rscc: 'Cache-Control',
  rscd: 'Content-Disposition',
  rsce: 'Content-Encoding',
  rscl: 'Content-Language',
  rsct: 'Content-Type',
};

/** Reads and checks the signature in a URL; it must be genuine, of this time, and for whoever sends it. */
export function verifySharedAccess(request: SharedAccessRequest, keys: readonly string[]): SharedAccess {
  const { query } = request;
  const version = query.get('sv') ?? '';
  if (query.has('skoid'))
    throw refusal(
      'This is a user delegation SAS, which the azb emulator does not know; sign with the account key.',
    );
  if (query.has('si'))
    throw refusal('Stored access policies, which si names, are not known to the azb emulator.');
  if (version < FIRST_VERSION)
    throw refusal(`The azb emulator knows signatures from version ${FIRST_VERSION} on, not '${version}'.`);
  const isAccount = query.has('ss') || query.has('srt');
  const text = isAccount ? accountText(query, version) : serviceText(request, version);
  const given = query.get('sig') ?? '';
  if (!keys.map((key) => isSameSignature(given, sign(text, key))).includes(true)) {
    throw refusal(`Signature did not match. String to sign used was ${text}`);
  }
  checkTimes(request);
  checkSource(request);
  if (isAccount && !(query.get('ss') ?? '').includes('b'))
    throw new StorageFault('AuthorizationServiceMismatch');
  const isBlob = !isAccount && query.get('sr') === 'b';
  return {
    kind: isAccount ? 'account' : 'service',
    permissions: new Set(query.get('sp') ?? ''),
    types: new Set(query.get('srt') ?? ''),
    container: isAccount ? undefined : request.container,
    blob: isBlob ? request.blob : undefined,
    headers: Object.fromEntries(
      Object.entries(REPLACED_HEADERS).flatMap(([name, replaced]) => {
        const value = isAccount ? undefined : query.get(name);
        return value === undefined ? [] : [[replaced, value]];
      }),
    ),
  };
}

/** @see https://learn.microsoft.com/rest/api/storageservices/create-service-sas */
function serviceText({ query, container, blob }: SharedAccessRequest, version: string): string {
  const kind = query.get('sr') ?? '';
  if (kind !== 'c' && kind !== 'b') {
    throw refusal(
      `sr=${kind}: the azb emulator knows signatures for a container (c) and for a blob (b) only.`,
    );
  }
  if (container === undefined || (kind === 'b' && blob === undefined)) {
    throw refusal('The signature is for a container or a blob, which the URL does not name.');
  }
  const resource = `/blob/${STORAGE_ACCOUNT}/${container}${kind === 'b' ? `/${blob}` : ''}`;
  const value = (name: string) => query.get(name) ?? '';
  return [
    value('sp'),
    value('st'),
    value('se'),
    resource,
    value('si'),
    value('sip'),
    value('spr'),
    value('sv'),
    ...(version < WITH_RESOURCE_KIND ? [] : [kind, '']),
    ...(version < WITH_ENCRYPTION_SCOPE ? [] : [value('ses')]),
    ...Object.keys(REPLACED_HEADERS).map(value),
  ].join('\n');
}

/** @see https://learn.microsoft.com/rest/api/storageservices/create-account-sas */
function accountText(query: ReadonlyMap<string, string>, version: string): string {
  const value = (name: string) => query.get(name) ?? '';
  return [
    STORAGE_ACCOUNT,
    ...['sp', 'ss', 'srt', 'st', 'se', 'sip', 'spr', 'sv'].map(value),
    ...(version < WITH_ENCRYPTION_SCOPE ? [] : [value('ses')]),
    '',
  ].join('\n');
}

function checkTimes({ query, now }: SharedAccessRequest): void {
  const start = query.get('st');
  const expiry = query.get('se');
  const text = `Start [${start ?? ''}] - Expiry [${expiry ?? ''}] - Current [${new Date(now).toISOString()}]`;
  if (expiry === undefined || Number.isNaN(Date.parse(expiry)))
    throw refusal('Expiry time is missing or no time.');
  if (start !== undefined && !(Date.parse(start) <= now))
    throw refusal(`Signature not valid in the specified time frame: ${text}`);
  if (Date.parse(expiry) <= now) throw refusal(`Signature not valid in the specified time frame: ${text}`);
}

function checkSource({ query, from }: SharedAccessRequest): void {
  if (query.get('spr') === 'https') throw new StorageFault('AuthorizationProtocolMismatch');
  const range = query.get('sip');
  if (range === undefined) return;
  const [first = '', last = first] = range.split('-');
  const address = numberOf(from.replace(/^::ffff:/, ''));
  if (numberOf(first) <= address && address <= numberOf(last)) return;
  throw new StorageFault('AuthorizationSourceIPMismatch', { SourceIP: from });
}

/** An IPv4 address as a number; NaN, which is in no range, for any other. */
function numberOf(address: string): number {
  const parts = address.split('.').map(Number);
  return parts.length === 4 ? parts.reduce((sum, part) => sum * 256 + part, 0) : Number.NaN;
}

function refusal(detail: string): StorageFault {
  return new StorageFault('AuthenticationFailed', { AuthenticationErrorDetail: detail });
}
