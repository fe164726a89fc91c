import {
  CLOCK_TOLERANCE_MS,
  isSameSignature,
  SIGNED_HEADERS,
  sign,
  signatureMismatch,
} from '../http/signature.ts';
import { header, type StorageRequest } from './request.ts';
import { STORAGE_ACCOUNT } from './storage-account.ts';
import { StorageFault } from './storage-fault.ts';

type Order = (left: string, right: string) => number;

/**
 * The service sorts names by the rules of a language, in which hyphens count little; most clients sort them by their
 * characters. For the names in use it is the same with few exceptions, and either is taken.
 */
const ORDERS: readonly Order[] = [
  compare,
  (left, right) => compare(left.replaceAll('-', ''), right.replaceAll('-', '')) || compare(left, right),
];

function compare(left: string, right: string): number {
  return left < right ? -1 : left > right ? 1 : 0;
}

/**
 * Throws unless the `Authorization: SharedKey account:signature` header is made with one of the keys (Base64), in this
 * quarter of an hour.
 * @see https://learn.microsoft.com/rest/api/storageservices/authorize-with-shared-key
 */
export function verifySharedKey(request: StorageRequest, keys: readonly string[]): void {
  const [, account, given] =
    /^SharedKey\s+([^:\s]+):(\S+)$/i.exec(header(request, 'authorization') ?? '') ?? [];
  if (account === undefined || given === undefined) {
    throw refusal('The Authorization header does not have the form SharedKey account:signature.');
  }
  if (account !== STORAGE_ACCOUNT) {
    throw refusal(`The account '${account}' is not ${STORAGE_ACCOUNT}, which this emulator serves.`);
  }
  checkDate(request);
  const texts = ORDERS.map((order) => stringToSign(request, order));
  const genuine = keys.flatMap((key) => texts.map((text) => isSameSignature(given, sign(text, key))));
  if (genuine.includes(true)) return;
  throw refusal(signatureMismatch(given, texts[0] ?? ''));
}

function checkDate(request: StorageRequest): void {
  const text = header(request, 'x-ms-date') ?? header(request, 'date');
  const time = Date.parse(text ?? '');
  const now = request.now / 1000;
  if (Math.abs(time - now) <= CLOCK_TOLERANCE_MS) return;
  throw refusal(
    text === undefined
      ? 'The request carries neither an x-ms-date nor a Date header.'
      : `Request date header too old or incorrect: it says ${text}, the server's clock says ${new Date(now).toUTCString()}.`,
  );
}

function stringToSign(request: StorageRequest, order: Order): string {
  const lines = SIGNED_HEADERS.map((name) => signedValue(request, name));
  return `${[request.method, ...lines].join('\n')}\n${canonicalHeaders(request, order)}${canonicalResource(request)}`;
}

function signedValue(request: StorageRequest, name: (typeof SIGNED_HEADERS)[number]): string {
  // Once x-ms-date is there, it is the date that counts, and the Date line is empty.
  if (name === 'date' && header(request, 'x-ms-date') !== undefined) return '';
  const value = header(request, name)?.trim() ?? '';
  return name === 'content-length' && value === '0' ? '' : value;
}

function canonicalHeaders(request: StorageRequest, order: Order): string {
  return Object.keys(request.headers)
    .filter((name) => name.startsWith('x-ms-'))
    .sort(order)
    .map(
      (name) =>
        `${name}:${String(request.headers[name] ?? '')
          .replace(/\s+/g, ' ')
          .trim()}\n`,
    )
    .join('');
}

/** The account stands twice in it: as itself, and as the beginning of the path. */
function canonicalResource({ rawPath, query }: StorageRequest): string {
  const parameters = [...query].sort(([left], [right]) => compare(left, right));
  return `/${STORAGE_ACCOUNT}${rawPath}${parameters.map(([name, value]) => `\n${name}:${value}`).join('')}`;
}

function refusal(detail: string): StorageFault {
  return new StorageFault('AuthenticationFailed', { AuthenticationErrorDetail: detail });
}
