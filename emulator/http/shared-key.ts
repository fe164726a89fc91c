import type { IncomingHttpHeaders } from 'node:http';
import { CLOCK_TOLERANCE_MS, isSameSignature, SIGNED_HEADERS, sign, signatureMismatch } from './signature.ts';

/** The parts of an HTTP request that a shared-key signature covers. */
export interface SignedRequest {
  readonly method: string;
  /** Path and query exactly as they came on the request line, still percent-encoded. */
  readonly rawUrl: string;
  readonly headers: IncomingHttpHeaders;
}

/** Why a request's credentials were refused, with the error code and status the service answers. */
export interface AuthFailure {
  readonly status: 400 | 403;
  readonly code: 'AuthenticationFailed' | 'InvalidAuthenticationInfo' | 'MissingRequiredHeader';
  /** Name of the error value that says more. */
  readonly key: 'AuthenticationErrorDetail' | 'HeaderName';
  /** Text of that value. */
  readonly detail: string;
}

/**
 * The text that a client signs for `request` on account `account`. Absent headers count as empty and
 * Content-Length is taken as received, so that a client that sends `0` and one that sends none both verify.
 * https://learn.microsoft.com/rest/api/batchservice/authenticate-requests-to-the-azure-batch-service
 */
export function stringToSign(request: SignedRequest, account: string): string {
  const lines = [request.method.toUpperCase()];
  for (const name of SIGNED_HEADERS) {
    // Once ocp-date is there, it is the date that counts, and the Date line is empty.
    const replaced = name === 'date' && request.headers['ocp-date'] !== undefined;
    lines.push(replaced ? '' : headerText(request.headers[name]));
  }
  return `${lines.join('\n')}\n${canonicalHeaders(request.headers)}${canonicalResource(request.rawUrl, account)}`;
}

/**
 * Checks the `Authorization: SharedKey account:signature` header of `request` against `keys` (Base64; an account
 * has two and either may sign) and its date against `now`. Answers nothing when the request is genuine.
 */
export function verifySharedKey(
  request: SignedRequest,
  account: string,
  keys: readonly string[],
  now: Date,
): AuthFailure | undefined {
  const credentials = parseAuthorization(headerText(request.headers.authorization));
  if ('code' in credentials) return credentials;
  if (credentials.account.toLowerCase() !== account.toLowerCase()) {
    return failed(`The account '${credentials.account}' is not the account that this endpoint serves.`);
  }
  const dateFault = checkDate(request.headers, now);
  if (dateFault !== undefined) return failed(dateFault);
  const text = stringToSign(request, credentials.account);
  const genuine = keys.map((key) => isSameSignature(credentials.signature, sign(text, key)));
  if (genuine.includes(true)) return undefined;
  return failed(signatureMismatch(credentials.signature, text));
}

function parseAuthorization(header: string): { account: string; signature: string } | AuthFailure {
  if (header === '') {
    return { status: 400, code: 'MissingRequiredHeader', key: 'HeaderName', detail: 'Authorization' };
  }
  const match = /^SharedKey\s+([^:\s]+):(\S+)$/i.exec(header);
  if (match?.[1] === undefined || match[2] === undefined) {
    return {
      status: 400,
      code: 'InvalidAuthenticationInfo',
      key: 'AuthenticationErrorDetail',
      detail: 'The Authorization header does not have the form SharedKey account:signature.',
    };
  }
  return { account: match[1], signature: match[2] };
}

function checkDate(headers: IncomingHttpHeaders, now: Date): string | undefined {
  const text = headerText(headers['ocp-date']) || headerText(headers.date);
  if (text === '') return 'The request carries neither an ocp-date nor a Date header.';
  const time = Date.parse(text);
  if (Number.isNaN(time)) return 'The Date header in the request is incorrect.';
  if (Math.abs(time - now.getTime()) <= CLOCK_TOLERANCE_MS) return undefined;
  return `The Date header in the request is incorrect: it says ${text}, the server's clock says ${now.toUTCString()}.`;
}

function failed(detail: string): AuthFailure {
  return { status: 403, code: 'AuthenticationFailed', key: 'AuthenticationErrorDetail', detail };
}

function headerText(value: string | string[] | undefined): string {
  if (value === undefined) return '';
  return (Array.isArray(value) ? value.join(',') : value).trim();
}

function canonicalHeaders(headers: IncomingHttpHeaders): string {
  let text = '';
  for (const name of Object.keys(headers).sort()) {
    if (!name.startsWith('ocp-')) continue;
    const value = headerText(headers[name]);
    if (value !== '') text += `${name}:${value}\n`;
  }
  return text;
}

function canonicalResource(rawUrl: string, account: string): string {
  const mark = rawUrl.indexOf('?');
  const path = mark < 0 ? rawUrl : rawUrl.slice(0, mark);
  const query = mark < 0 ? '' : rawUrl.slice(mark + 1);
  const parameters = new Map<string, string[]>();
  // URLSearchParams decodes as the clients do: percent escapes and `+`, with faulty escapes left as they are.
  for (const [name, value] of new URLSearchParams(query)) {
    const key = name.toLowerCase();
    parameters.set(key, [...(parameters.get(key) ?? []), value]);
  }
  let text = `/${account}${path === '' ? '/' : path}`;
  for (const name of [...parameters.keys()].sort()) {
    text += `\n${name}:${(parameters.get(name) ?? []).sort().join(',')}`;
  }
  return text;
}
